import type { Dynamic } from './dynamic.js';
import type { ToolDeclaration } from './tool-declaration.js';
import type { FlowTrigger, KafkaTrigger, WebhookTrigger } from './trigger.js';

/** The marker that ends a run early. Return it: `return run.end('score below 50')`. */
export interface EndedRun {
  readonly ended: string;
}

export interface CallStepOptions<Input = Dynamic> {
  /** `true`: the compensation that the tool declares. A function: the arguments of a correction. */
  readonly undo?: true | ((args: Input) => Dynamic);
  /** Milliseconds from the start of the step. */
  readonly deadlineMs?: number;
  /** Id of a connection. Absent: the connection of the flow's user to the tool's provider. */
  readonly connection?: string;
}

/** A time to sleep, in whole units. */
export interface SleepDuration {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

export interface AskOptions {
  /** The person who answers: a user id of the tenant. */
  readonly to: string;
  readonly question: string;
  readonly choices: readonly string[];
  readonly timeout?: SleepDuration;
}

/**
 * One run of a flow, as its code sees it. Each method takes the name of its step first. A name is unique within its
 * scope: it identifies the step when the run is replayed.
 */
export interface FlowRun {
  readonly id: string;
  /** The instant of the first start. Equal in every replay. */
  readonly startedAt: Date;
  /** Settings of the flow's deployment. Never secrets: those belong to connections. */
  readonly config: Readonly<Record<string, Dynamic>>;
  readonly mode: 'live' | 'dry_run' | 'shadow';

  /** Calls a tool. Throws `ToolCallFailed` or `ToolCallUnknown` once the result is final. */
  call<Input, Output>(
    name: string,
    tool: ToolDeclaration<Input, Output>,
    args: Input,
    options?: CallStepOptions<Input>,
  ): Promise<Output>;
  /** Runs steps once per item, in the order of the list. `keyOf` names the scope of an item. */
  each<Item, Result>(
    name: string,
    list: readonly Item[],
    keyOf: (item: Item, index: number) => string,
    steps: (item: Item, index: number) => Promise<Result>,
    options?: { readonly parallel?: number },
  ): Promise<Result[]>;
  /** Runs independent branches at the same time. The member's name is the scope of its steps. */
  all<Branches extends Readonly<Record<string, () => Promise<unknown>>>>(
    branches: Branches,
  ): Promise<{ [Name in keyof Branches]: Awaited<ReturnType<Branches[Name]>> }>;
  /** Runs another flow as a child and gives its result. */
  flow<Input, Output>(name: string, child: FlowDefinition<Input, Output>, input: Input): Promise<Output>;
  sleep(name: string, until: SleepDuration | Date): Promise<void>;
  /** Waits for an event. Throws `TimedOut`. */
  waitFor<Input>(
    name: string,
    on: WebhookTrigger<Input> | KafkaTrigger<Input>,
    options: { readonly match?: (input: Input) => boolean; readonly timeout?: SleepDuration },
  ): Promise<Input>;
  /** Asks a person. Gives one of the choices, or throws `TimedOut`. */
  ask(name: string, options: AskOptions): Promise<string>;
  /** The time, recorded at its first use. */
  now(name: string): Promise<Date>;
  uuid(name: string): Promise<string>;
  /** The result of a function, recorded. The function may run more than once before that. */
  value<Value>(name: string, make: () => Value | Promise<Value>): Promise<Value>;
  /** Answers the request that triggered the run. Once per run. */
  respond(answer: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Dynamic;
  }): Promise<void>;
  /** Ends the run as succeeded. */
  end(reason: string): EndedRun;
  /** Ends the run as failed, and starts the undo of its steps. */
  fail(reason: string): never;
}

export interface FlowOptions<Input> {
  /** Lower-case words joined by hyphens. Part of the identity of every run. */
  readonly id: string;
  /** A whole number from 1. Runs stay on the version that they began with. */
  readonly version: number;
  readonly on: FlowTrigger<Input>;
  /** The user whose connections the calls use. */
  readonly user: string | ((input: Input, config: Readonly<Record<string, Dynamic>>) => string);
}

/** A flow: its options and the function of its steps. */
export interface FlowDefinition<Input = Dynamic, Output = Dynamic> extends FlowOptions<Input> {
  readonly steps: (run: FlowRun, input: Input) => Promise<Output | EndedRun | undefined>;
}
