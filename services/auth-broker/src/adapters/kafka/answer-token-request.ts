import { readTokenRequest, sealLease } from '@action-mesh/connections';
import { TokenLeased } from '@action-mesh/contracts/auth-broker';
import { systemClock, type Clock, type TraceContext } from '@action-mesh/kernel';
import { encodeEvent, type RecordProducer } from '@action-mesh/messaging';

import type { GetCredential } from '../../application/connections/get-credential.js';

const source = '/services/auth-broker';

interface AnswerTokenRequestParts {
  readonly getCredential: Pick<GetCredential, 'run'>;
  readonly producer: Pick<RecordProducer, 'send'>;
  readonly requestKey: Uint8Array;
  readonly leaseKey: Uint8Array;
  /** Takes note of a request that is forged, older than 60 s, or unreadable. */
  readonly onRefused: () => void;
  readonly onError: (error: unknown, trace: TraceContext, callId: string | undefined) => void;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** The place of a request in its trace. The request names its tenant only behind its signature. */
interface RequestPlace {
  readonly trace: TraceContext;
  tenantId: string | undefined;
}

/**
 * Answers a signed request with a sealed lease.
 *
 * - TR1: only a request with the signature of this mesh, 60 s old at most, gets an answer. The broker drops others
 *   without a trace of their content.
 * - TR2: the answer is readable for the executor that asked alone, for 60 s.
 * - TR3: a request never becomes a dead letter and never runs again. The executor asks anew.
 */
export class AnswerTokenRequest {
  readonly #parts: AnswerTokenRequestParts;
  readonly #clock: Clock;

  constructor(parts: AnswerTokenRequestParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
  }

  /** Never rejects. */
  async run(text: string, place: RequestPlace): Promise<void> {
    const { getCredential, producer, requestKey, leaseKey, onRefused, onError } = this.#parts;
    let callId: string | undefined;
    try {
      const request = await readTokenRequest(text, requestKey, this.#clock.now());
      if (request === undefined) {
        onRefused();
        return;
      }
      callId = request.call_id;
      place.tenantId = request.tenant_id;
      const answer = await getCredential.run(request, place.trace);
      const lease = await sealLease(request, answer, leaseKey, this.#clock.now());
      await producer.send(encodeEvent(TokenLeased, { recipient: request.recipient, lease }, { source }));
    } catch (error) {
      onError(error, place.trace, callId);
    }
  }
}
