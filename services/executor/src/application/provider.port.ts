import type { OutcomeOfCall } from '@action-mesh/contracts/executor';

import type { AnswerBody } from '../domain/answer-body.js';
import type { AttemptEvidence } from '../domain/attempt-evidence.js';
import type { ProviderRequest } from './tools.port.js';

export interface SendOptions {
  /** Slug of the provider. A static credential of that provider goes with the request. */
  readonly provider: string;
  /** The most bytes of the answer that are kept. */
  readonly maxResponseBytes: number;
  /** For the whole exchange, from now. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Asked right before the first byte leaves; false stops it. */
  readonly mayStart: () => boolean;
}

export type ResultForm = NonNullable<NonNullable<OutcomeOfCall['upstream']>['body']>;

/** The provider's answer, where there is one. */
export interface ProviderAnswer {
  /** The decoded body of the answer. Rules judge by this alone. */
  readonly body: AnswerBody;
  /** The result in the outcome, as the text of a JSON value. Absent where the body is empty or incomplete. */
  readonly result?: string;
  /** How `result` holds a body that is no JSON. */
  readonly form?: ResultForm;
  /** The body was cut, broke off, or does not fit into an outcome. */
  readonly incomplete: boolean;
}

export interface Attempted {
  readonly evidence: AttemptEvidence;
  /** The answer's headers that tell of limits, by lower-case name. */
  readonly limits?: Readonly<Record<string, string>>;
  readonly answer?: ProviderAnswer;
}

/** The only way to a provider. Sends once; never throws, never retries. */
export interface Provider {
  send(request: ProviderRequest, options: SendOptions): Promise<Attempted>;
}

export const Provider = Symbol('Provider');
