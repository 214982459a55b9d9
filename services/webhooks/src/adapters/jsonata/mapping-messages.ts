import type { MappedCall } from '@action-mesh/contracts/webhooks';

/** The work of a thread: one mapping for one event. */
export interface MappingJob {
  readonly calls: readonly Pick<MappedCall, 'when' | 'for_each' | 'arguments' | 'user_id'>[];
  /** The payload and the values that expressions see beside it, as JSON. */
  readonly input: string;
  readonly mostCalls: number;
  readonly mostCharacters: number;
  readonly timeoutMs: number;
}

/** The answer of a thread. The results are JSON. */
export type MappingAnswer =
  | { readonly results: string }
  | { readonly reason: 'mapping_failed' | 'mapping_too_large' | 'too_many_calls'; readonly detail: string };

/** The input of a job. */
export interface MappingInput {
  readonly payload: unknown;
  /** Expressions see each member as `$name`. */
  readonly bindings: Readonly<Record<string, unknown>>;
}
