import type { Limits, LimitsAnswer } from '../../application/limits.port.js';
import { InternalApi, unexpected, type InternalRequest } from './internal-api.js';

const timeoutMs = 5_000;

/** The limits of the rate governor, over its internal API. */
export class GovernorLimits implements Limits {
  readonly #api: InternalApi;

  constructor(rateGovernorUrl: string, serviceKey: string, tenantId: string) {
    this.#api = new InternalApi({
      url: rateGovernorUrl,
      serviceKey,
      tenantId,
      timeoutMs: timeoutMs,
      unavailable: 'The rate governor, which keeps the limits, cannot be reached now.',
      fix: 'Send the same request again later. To set or remove a limit twice has the effect of once.',
    });
  }

  list(): Promise<LimitsAnswer> {
    return this.#ask({ method: 'GET', path: ['limits'] });
  }

  put(id: string, policy: unknown): Promise<LimitsAnswer> {
    return this.#ask({ method: 'PUT', path: ['limits', id], body: policy });
  }

  remove(id: string): Promise<LimitsAnswer> {
    return this.#ask({ method: 'DELETE', path: ['limits', id] });
  }

  #ask(request: InternalRequest): Promise<LimitsAnswer> {
    return this.#api.ask(request, (answer) => (answer.status < 500 ? answer : unexpected(answer)));
  }
}
