import type { Attempt, Egress, EgressRequest } from '@action-mesh/egress';

import type { JwkSetReading, JwkSetSource } from '../../application/jwk-sets.port.js';
import { readJwkSet } from '../../domain/jwk-set.js';

const deadlineMs = 5_000;
const mostBytes = 256 * 1_024;

/** The part of `Egress` that reads a JWK set. */
export interface JwkSetEgress {
  request(request: EgressRequest): Promise<Attempt>;
}

/**
 * Reads JWK sets through the egress filter, because their addresses come from tenants. A problem names the kind of the
 * failure alone: an answer of an inner network never reaches a tenant.
 */
export class EgressJwkSetSource implements JwkSetSource {
  readonly #egress: JwkSetEgress;

  constructor(egress: JwkSetEgress | Egress) {
    this.#egress = egress;
  }

  async read(url: string): Promise<JwkSetReading> {
    const attempt = await this.#egress.request({
      method: 'GET',
      url,
      headers: { accept: 'application/jwk-set+json, application/json' },
      deadlineMs,
      maxResponseBytes: mostBytes,
    });
    if (attempt.kind !== 'response') return { problem: attempt.message };
    if (attempt.status !== 200) return { problem: `the answer has the status ${attempt.status}` };
    if (attempt.truncated) return { problem: `the answer is longer than ${mostBytes / 1_024} kB` };
    if (!attempt.bodyComplete || attempt.undecoded !== undefined)
      return { problem: 'the answer is not whole' };
    return readJwkSet(attempt.body.toString('utf8')) ?? { problem: 'the answer is no JWK set' };
  }
}
