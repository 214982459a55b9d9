import type { Dynamic } from './dynamic.js';
import type { ToolDeclaration } from './tool-declaration.js';

/** Checks and types the input of a trigger. Any library of the Standard Schema family fits, zod among them. */
export interface InputSchema<Input> {
  readonly parse: (input: unknown) => Input;
}

/** Starts a run for each event that the gateway accepts under this name. */
export interface WebhookTrigger<Input = Dynamic> {
  readonly kind: 'webhook';
  readonly name: string;
  readonly schema?: InputSchema<Input>;
  /** The identity of an event. Absent: the provider's delivery header, else a hash of the body within a window. */
  readonly key?: (input: Input) => string;
}

/** Starts a run at each instant of a cron expression. */
export interface ScheduleTrigger {
  readonly kind: 'schedule';
  readonly cron: string;
  /** Name of the IANA database, such as `Europe/Berlin`. Absent: UTC. */
  readonly timezone?: string;
  /** What happens to instants that passed while nothing ran. @default 'last' */
  readonly catchUp?: 'none' | 'last' | 'all';
  /** What happens while the run before is open. @default 'queue' */
  readonly overlap?: 'skip' | 'queue' | 'allow';
}

/** Starts a run for each record of a topic. */
export interface KafkaTrigger<Input = Dynamic> {
  readonly kind: 'kafka';
  readonly topic: string;
  readonly schema?: InputSchema<Input>;
}

/** Asks a tool on a schedule, and starts a run for each record that is new since the cursor. */
export interface PollTrigger<Input = Dynamic> {
  readonly kind: 'poll';
  readonly tool: ToolDeclaration;
  readonly arguments: Dynamic;
  readonly everySeconds: number;
  /** The identity of a record, with its marker of change where it has one. */
  readonly key: (record: Input) => string;
}

/** Starts a run when a person or another flow asks for one. */
export interface ManualTrigger<Input = Dynamic> {
  readonly kind: 'manual';
  readonly schema?: InputSchema<Input>;
}

export type FlowTrigger<Input = Dynamic> =
  | WebhookTrigger<Input>
  | ScheduleTrigger
  | KafkaTrigger<Input>
  | PollTrigger<Input>
  | ManualTrigger<Input>;

/** What starts the runs of a flow. */
export const trigger = {
  webhook: <Input = Dynamic>(
    name: string,
    options: Omit<WebhookTrigger<Input>, 'kind' | 'name'> = {},
  ): WebhookTrigger<Input> => ({ kind: 'webhook', name, ...options }),
  schedule: (cron: string, options: Omit<ScheduleTrigger, 'kind' | 'cron'> = {}): ScheduleTrigger => ({
    kind: 'schedule',
    cron,
    ...options,
  }),
  kafka: <Input = Dynamic>(
    topic: string,
    options: Omit<KafkaTrigger<Input>, 'kind' | 'topic'> = {},
  ): KafkaTrigger<Input> => ({ kind: 'kafka', topic, ...options }),
  poll: <Input = Dynamic>(
    tool: ToolDeclaration,
    options: Omit<PollTrigger<Input>, 'kind' | 'tool'>,
  ): PollTrigger<Input> => ({ kind: 'poll', tool, ...options }),
  manual: <Input = Dynamic>(options: Omit<ManualTrigger<Input>, 'kind'> = {}): ManualTrigger<Input> => ({
    kind: 'manual',
    ...options,
  }),
};
