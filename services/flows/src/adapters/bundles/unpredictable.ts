import { FlowDefinitionError } from '@action-mesh/flow-api';

function refused(what: string, instead: string): () => never {
  return () => {
    throw new FlowDefinitionError(
      `a flow must not use ${what}, because a replay would see another value; use ${instead}`,
    );
  };
}

const noClock = refused('the clock', 'run.now or run.startedAt');

/** `Date` without the present: code may compute with the times that it was given. */
const SafeDate = new Proxy(Date, {
  apply: noClock,
  construct: (target, args: unknown[]) =>
    args.length === 0 ? noClock() : (Reflect.construct(target, args) as Date),
  get: (target, name) => (name === 'now' ? noClock : (Reflect.get(target, name) as unknown)),
});

const SafeMath = new Proxy(Math, {
  get: (target, name) =>
    name === 'random' ? refused('Math.random', 'run.value') : (Reflect.get(target, name) as unknown),
});

/** What the code of a flow finds under these names. It guards against mistakes; a bundle is trusted code all the same. */
export const unpredictable: Readonly<Record<string, unknown>> = {
  Date: SafeDate,
  Math: SafeMath,
  fetch: refused('fetch', 'run.call with a tool'),
  setTimeout: refused('setTimeout', 'run.sleep'),
  setInterval: refused('setInterval', 'run.sleep'),
  setImmediate: refused('setImmediate', 'await'),
  crypto: new Proxy({}, { get: refused('crypto', 'run.uuid or run.value') }),
  performance: new Proxy({}, { get: noClock }),
  process: new Proxy({}, { get: refused('process', 'the input of the flow') }),
};
