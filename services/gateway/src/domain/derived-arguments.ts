import type { Compensation } from '@action-mesh/contracts/catalog';

import { RequestRefusedError } from './gateway.errors.js';

/** What a compensating call can be made from. */
export interface Done {
  readonly arguments: unknown;
  readonly result: unknown;
}

/** The arguments of a compensating call. Throws {@link RequestRefusedError} where what they come from is not there. */
export function derivedArguments(compensation: Compensation, done: Done): Record<string, unknown> {
  const missing: { pointer: string; message: string }[] = [];
  const entries = Object.entries(compensation.arguments).map(([name, source]): [string, unknown] => {
    if ('value' in source) return [name, source.value];
    const value = valueAt(done, source.from);
    if (value === undefined)
      missing.push({ pointer: source.from, message: `is not there, and ${name} comes from it` });
    return [name, value];
  });
  if (missing.length === 0) return Object.fromEntries(entries);
  throw new RequestRefusedError(
    'not_compensable',
    'The call cannot be undone: what the undoing call needs is neither in its arguments nor in its result.',
    'Undo it at the provider, or call the undoing tool yourself.',
    { problems: missing },
  );
}

/** RFC 6901; undefined where the pointer leads to nothing. */
function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
