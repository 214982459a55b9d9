import type { Evidence } from '../domain/verdict.js';
import type { ProviderRequest } from './tools.port.js';

export interface SendOptions {
  /** For the whole exchange, from now. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Asked right before the first byte leaves; false stops it. */
  readonly mayStart: () => boolean;
}

/** The provider's answer, where there is one, as the text of a JSON value. */
export interface Answer {
  readonly result?: string;
  readonly incomplete: boolean;
}

export interface Attempted {
  readonly evidence: Evidence;
  /** The answer's headers that tell of limits, by lower-case name. */
  readonly limits?: Readonly<Record<string, string>>;
  readonly answer?: Answer;
}

/** The only way to a provider. Sends once; never throws, never retries. */
export interface Provider {
  send(request: ProviderRequest, options: SendOptions): Promise<Attempted>;
}

export const Provider = Symbol('Provider');
