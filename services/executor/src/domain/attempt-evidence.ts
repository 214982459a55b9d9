import type { Tool } from '@action-mesh/contracts/catalog';

/** See `answerRuleSchema`. */
export type AnswerMeaning = NonNullable<Tool['http']['answers']>[number]['means'];

/** The provider answered with a complete status line. */
export interface AnsweredEvidence {
  readonly kind: 'answered';
  readonly status: number;
  readonly retryAfterMs?: number;
  /** The target of a redirect, without credentials and query. */
  readonly location?: string;
  /** The query of the link to the next page. It may hold secrets. */
  readonly nextQuery?: string;
  /** The meaning of the body in addition to the status. */
  readonly means?: AnswerMeaning;
  /** Why a body that the tool's rules need cannot be read. `means` is `unknown` then. */
  readonly unread?: string;
  /** The provider's statement, found by the tool's rule, that it did not do the request. */
  readonly reported?: Failure;
  /** Why a body cannot be shown whole. */
  readonly loss?:
    | { readonly kind: 'cut'; readonly limitBytes: number }
    | { readonly kind: 'too_large' }
    | { readonly kind: 'broken' };
}

/** The facts after one attempt, in the ledger's terms. */
export type AttemptEvidence =
  /** No byte of the request left. */
  | {
      readonly kind: 'not_sent';
      readonly code: string;
      readonly retryable: boolean;
      readonly message: string;
      /** The setting that would let it leave. */
      readonly fix?: string;
    }
  | AnsweredEvidence
  /** The request or a part of it left, and no answer came. */
  | { readonly kind: 'unanswered'; readonly message: string };

/** The party that has to act after a call that did not succeed. */
export type ErrorCategory = 'request' | 'provider' | 'network' | 'mesh' | 'unknown_effect';

export interface Failure {
  readonly code: string;
  readonly category: ErrorCategory;
  readonly message: string;
  readonly fix?: string;
  /** The call that has the idempotency key. */
  readonly conflicts_with?: string;
}
