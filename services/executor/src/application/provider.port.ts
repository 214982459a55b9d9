import type { LeasedCredential } from '@action-mesh/connections';
import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { TraceContext } from '@action-mesh/kernel';

import type { AnswerBody } from '../domain/answer-body.js';
import type { AttemptEvidence } from '../domain/attempt-evidence.js';
import type { ProviderRequest } from './tools.port.js';

/** The place of a request in the trace of its call. */
export interface AttemptPlace {
  readonly call: AcceptedCall;
  /** The request's own span. Its provider sees it as `traceparent`. */
  readonly trace: TraceContext;
  readonly parentSpanId: string;
  readonly attempt: number;
  /** `METHOD host/path-template` */
  readonly endpoint: string;
  readonly isWrite: boolean;
}

export interface SendOptions {
  /** The mode of the call. Only a live call reaches its provider. */
  readonly mode: AcceptedCall['mode'];
  /** The slug of the provider. Without `credential`, its static credential goes with the request. */
  readonly provider: string;
  /** The credential of a connection. It goes with the request, and into no digest. */
  readonly credential?: LeasedCredential | undefined;
  /** The most bytes of the answer that are kept. */
  readonly maxResponseBytes: number;
  /** Milliseconds for the whole exchange, from now. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly place?: AttemptPlace;
  /** Called right before the first byte leaves. False stops the request. */
  readonly mayStart: () => boolean;
}

export type ResultForm = NonNullable<NonNullable<OutcomeOfCall['upstream']>['body']>;

/** The provider's answer, where there is one. */
export interface ProviderAnswer {
  /** The decoded body of the answer. Rules use only this. */
  readonly body: AnswerBody;
  /** The result in the outcome, as the text of a JSON value. Absent when the body is empty or incomplete. */
  readonly result?: string;
  /** How `result` represents a body that is not JSON. */
  readonly form?: ResultForm;
  /** The body was cut, broke off, or does not fit into an outcome. */
  readonly incomplete: boolean;
}

export interface Attempted {
  readonly evidence: AttemptEvidence;
  /** The answer's headers about limits, by lower-case name. */
  readonly limits?: Readonly<Record<string, string>>;
  readonly answer?: ProviderAnswer;
}

/** The only way to a provider. Sends once. Never throws and never retries. */
export interface Provider {
  send(request: ProviderRequest, options: SendOptions): Promise<Attempted>;
}

export const Provider = Symbol('Provider');
