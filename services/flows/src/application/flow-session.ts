import { AsyncLocalStorage } from 'node:async_hooks';

import {
  FlowDefinitionError,
  FlowValueError,
  TimedOut,
  ToolCallFailed,
  ToolCallUnknown,
  type AskOptions,
  type CallStepOptions,
  type EndedRun,
  type FlowDefinition,
  type FlowRun,
  type SleepDuration,
  type ToolDeclaration,
} from '@action-mesh/flow-api';
import { canonicalize, defined, type JsonValue } from '@action-mesh/kernel';

import type { StepAnswer, StepUndo } from '../domain/flow-run.js';
import { RunFailedError, UnsupportedStepError } from '../domain/flows.errors.js';
import { itemScope, stepPath } from '../domain/step-path.js';
import type { FlowSettings } from './flow-bundles.port.js';
import { never, type RunExecution, type StepRequest } from './run-execution.js';
import type { StepCall } from './session-host.port.js';

/** The last moment that dates of all parts of the mesh can hold. */
const latestMs = Date.UTC(9999, 0);

const noAnswer: StepAnswer = {
  ok: false,
  error: 'timed_out',
  code: 'FLOW_TIMED_OUT',
  message: 'nobody answered in time',
};

/** The run as its code sees it: each method is a step of one {@link RunExecution}. */
export class FlowSession implements FlowRun {
  readonly id: string;
  readonly startedAt: Date;
  readonly config: FlowSettings;
  readonly mode = 'live';
  readonly #execution: RunExecution;
  /** Steps inside of `each` and `all` find their scope here, however their code is nested. */
  readonly #scope = new AsyncLocalStorage<string>();

  constructor(execution: RunExecution, config: FlowSettings) {
    this.#execution = execution;
    this.config = config;
    this.id = execution.run.id;
    this.startedAt = new Date(execution.run.startedAtMs);
  }

  async call<Input, Output>(
    name: string,
    tool: ToolDeclaration<Input, Output>,
    args: Input,
    options: CallStepOptions<Input> = {},
  ): Promise<Output> {
    const { slug, version } = tool;
    const { connection, deadlineMs } = options;
    const about = { tool: slug, arguments: jsonOf(args, name), ...defined({ version, connection }) };
    const { answer, path } = await this.#step(name, {
      kind: 'call',
      about: canonicalize(about),
      ...defined({ undo: undoOf(options.undo, args, name) }),
      begin: async ({ path: own, ordinal }) => {
        // A step that can be undone is on record before its effect: a cancellation after a crash has to find it.
        if (options.undo !== undefined && !(await this.#execution.keep())) return never();
        const call: StepCall = { path: own, ordinal, ...about, ...defined({ deadlineMs }) };
        return { callId: await this.#execution.submit(call) };
      },
    });
    if (answer.ok) return valueOf(answer) as Output;
    if (answer.error === 'unknown') throw new ToolCallUnknown(path, slug);
    throw new ToolCallFailed(path, slug, answer.message);
  }

  async each<Item, Result>(
    name: string,
    list: readonly Item[],
    keyOf: (item: Item, index: number) => string,
    steps: (item: Item, index: number) => Promise<Result>,
    { parallel = 1 }: { readonly parallel?: number } = {},
  ): Promise<Result[]> {
    const scopes = list.map((item, index) => itemScope(this.#current, name, keyOf(item, index)));
    if (new Set(scopes).size < scopes.length)
      throw new FlowDefinitionError(`two items of ${name} have the same key; keyOf must tell them apart`);
    const results: Result[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < list.length) {
        const index = next;
        next += 1;
        const run = (): Promise<Result> => steps(list[index] as Item, index);
        results[index] = await this.#scope.run(scopes[index] ?? '', run);
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, list.length)) }, work));
    return results;
  }

  async all<Branches extends Readonly<Record<string, () => Promise<unknown>>>>(
    branches: Branches,
  ): Promise<{ [Name in keyof Branches]: Awaited<ReturnType<Branches[Name]>> }> {
    const scope = this.#current;
    const results = await Promise.all(
      Object.entries(branches).map(
        async ([name, branch]) => [name, await this.#scope.run(stepPath(scope, name), branch)] as const,
      ),
    );
    return Object.fromEntries(results) as never;
  }

  async flow<Input, Output>(
    name: string,
    child: FlowDefinition<Input, Output>,
    input: Input,
  ): Promise<Output> {
    const about = { flow: child.id, version: child.version, input: jsonOf(input, name) };
    const { answer, path } = await this.#step(name, {
      kind: 'flow',
      about: canonicalize(about),
      begin: async ({ path: own }) => {
        // The child's end answers the recorded step.
        if (!(await this.#execution.keep())) return never();
        await this.#execution.startChild({ path: own, ...about });
        return {};
      },
    });
    if (answer.ok) return valueOf(answer) as Output;
    if (answer.error === 'unknown') throw new ToolCallUnknown(path, `flow ${child.id}`);
    throw new ToolCallFailed(path, `flow ${child.id}`, answer.message);
  }

  async sleep(name: string, until: SleepDuration | Date): Promise<void> {
    await this.#step(name, {
      kind: 'sleep',
      about: canonicalize(until instanceof Date ? until.toISOString() : { ...until }),
      begin: ({ dueAtMs }) => Promise.resolve({ dueAtMs: dueAtMs ?? this.#dueAtMs(until, name) }),
    });
  }

  async ask(name: string, { to, question, choices, timeout }: AskOptions): Promise<string> {
    const about = {
      to,
      question,
      choices: [...choices],
      ...defined({ timeout: timeout as JsonValue | undefined }),
    };
    const { answer, path } = await this.#step(name, {
      kind: 'ask',
      about: canonicalize(about),
      begin: async (step) => {
        // A person answers the recorded step.
        if (!(await this.#execution.keep())) return never();
        if (timeout === undefined) return {};
        return { dueAtMs: step.dueAtMs ?? this.#dueAtMs(timeout, name), dueAnswer: noAnswer };
      },
    });
    if (answer.ok) return valueOf(answer) as string;
    throw new TimedOut(path);
  }

  async now(name: string): Promise<Date> {
    return new Date(await this.value(name, () => this.#execution.host.nowMs()));
  }

  uuid(name: string): Promise<string> {
    return this.value(name, () => this.#execution.host.newId());
  }

  async value<Value>(name: string, make: () => Value | Promise<Value>): Promise<Value> {
    const { answer } = await this.#step(name, {
      kind: 'value',
      about: '{}',
      begin: async () => {
        const text = JSON.stringify(jsonOf(await make(), name));
        return { answer: { ok: true, text } };
      },
    });
    return valueOf(answer) as Value;
  }

  waitFor(): Promise<never> {
    return Promise.reject(
      new UnsupportedStepError('run.waitFor does not run in this version; use run.ask or a second flow'),
    );
  }

  respond(): Promise<void> {
    return Promise.reject(
      new UnsupportedStepError(
        'run.respond does not run in this version; the door answers a webhook with 202',
      ),
    );
  }

  end(reason: string): EndedRun {
    return { ended: reason };
  }

  fail(reason: string): never {
    throw new RunFailedError(reason);
  }

  get #current(): string {
    return this.#scope.getStore() ?? '';
  }

  async #step(
    name: string,
    request: Omit<StepRequest, 'path' | 'scope'>,
  ): Promise<{ readonly path: string; readonly answer: StepAnswer }> {
    const scope = this.#current;
    const path = stepPath(scope, name);
    return { path, answer: await this.#execution.step({ ...request, path, scope }) };
  }

  #dueAtMs(until: SleepDuration | Date, name: string): number {
    const dueAtMs =
      until instanceof Date ? until.getTime() : this.#execution.host.nowMs() + durationMs(until);
    if (dueAtMs >= 0 && dueAtMs <= latestMs) return dueAtMs;
    throw new FlowValueError(`the step ${name} waits until a time that is none`);
  }
}

function durationMs({ days = 0, hours = 0, minutes = 0, seconds = 0 }: SleepDuration): number {
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
}

function undoOf<Input>(
  undo: CallStepOptions<Input>['undo'],
  args: Input,
  name: string,
): StepUndo | undefined {
  if (undo === undefined) return undefined;
  return undo === true ? { kind: 'declared' } : { kind: 'call', arguments: jsonOf(undo(args), name) };
}

/** A value as the record keeps it. A value without a JSON form would come back as another one. */
export function jsonOf(value: unknown, step: string): JsonValue {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined && value !== undefined)
    throw new FlowValueError(`the step ${step} has a value without a JSON form`);
  return (text === undefined ? null : JSON.parse(text)) as JsonValue;
}

function valueOf(answer: StepAnswer): unknown {
  return answer.ok && answer.text !== undefined ? (JSON.parse(answer.text) as unknown) : undefined;
}
