import type { TraceContext } from '@action-mesh/kernel';

import type { LeaseAnswer } from '../token-lease.js';
import type { TokenRequest } from '../token-request.js';

/** The content of a request, before it names its sender. */
export type TokenQuestion = Omit<TokenRequest, 'id' | 'recipient' | 'key'>;

/** The way to the brokers of the mesh. */
export interface TokenExchange {
  /** Asks once, within the span that waits for the answer. Undefined: no answer came in time. Never rejects. */
  ask(question: TokenQuestion, trace?: TraceContext): Promise<LeaseAnswer | undefined>;
}
