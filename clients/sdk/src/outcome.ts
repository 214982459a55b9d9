import type { ApiSchemas } from './generated/api.js';

type WireOutcome = ApiSchemas['Outcome'];
type About = Omit<WireOutcome, 'status' | 'result' | 'error' | 'waiting' | 'preview'>;

/** The reason of a failure, or the obstacle before a call. */
export type OutcomeFault = NonNullable<WireOutcome['error']>;
/** The reason of a wait, and its end. */
export type OutcomeWait = NonNullable<WireOutcome['waiting']>;
/** The request that a live call would send. */
export type OutcomePreview = NonNullable<WireOutcome['preview']>;

/** The provider carried the call out. */
export type SucceededOutcome<Result = unknown> = About & {
  readonly status: 'succeeded';
  readonly result: Result;
};
/** The call ended without success; `error` says why. */
export type FailedOutcome = About & {
  readonly status: 'failed';
  readonly error: OutcomeFault;
  /** The provider's answer, if it gave one. */
  readonly result?: unknown;
};
/** The call was cancelled before its request. */
export type CancelledOutcome = About & { readonly status: 'cancelled'; readonly error?: OutcomeFault };
/** A rehearsal: nothing was sent, and `preview` shows the request. */
export type RehearsedOutcome = About & {
  readonly status: 'dry_run' | 'shadowed';
  readonly preview: OutcomePreview;
};
/** The call goes on by itself: after a time, a connection of the user, or an approval. */
export type WaitingOutcome = About & { readonly status: 'waiting'; readonly waiting: OutcomeWait };
/** A request may have arrived. The mesh asks the provider. */
export type IndeterminateOutcome = About & {
  readonly status: 'indeterminate';
  readonly error?: OutcomeFault;
};
/** The provider may have acted, and only a person can find out. Do not repeat the call. */
export type UncertainOutcome = About & { readonly status: 'needs_review'; readonly error?: OutcomeFault };
/** Every retry is used up, and the provider did nothing that a repetition would do twice. A redrive runs it again. */
export type DeadOutcome = About & { readonly status: 'dead'; readonly error?: OutcomeFault };

/** The status of a call that the mesh knows about. `status` tells the kinds apart. */
export type MeshOutcome<Result = unknown> =
  | SucceededOutcome<Result>
  | FailedOutcome
  | CancelledOutcome
  | RehearsedOutcome
  | WaitingOutcome
  | IndeterminateOutcome
  | UncertainOutcome
  | DeadOutcome;

/** The mesh took the call, and it had not ended when the wait was over. It runs on; `calls.wait` waits again. */
export type AcceptedOutcome = ApiSchemas['AcceptedCall'];

/** The answer of `tools.execute`: the outcome of a call, or the accepted call. */
export type ExecutedCall<Result = unknown> = MeshOutcome<Result> | AcceptedOutcome;

/** Statuses after which the mesh itself does nothing more with a call. */
const settled: readonly string[] = [
  'succeeded',
  'failed',
  'cancelled',
  'dry_run',
  'shadowed',
  'dead',
  'needs_review',
] satisfies readonly MeshOutcome['status'][];

/**
 * True when the mesh does nothing more with the call by itself. `dead` and `needs_review` are settled, and a person can
 * still change them.
 */
export function isSettled<Result>(outcome: ExecutedCall<Result>): outcome is MeshOutcome<Result> {
  return settled.includes(outcome.status);
}
