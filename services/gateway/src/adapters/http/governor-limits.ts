import type { Limits, LimitsAnswer } from '../../application/limits.port.js';
import { InternalApi, unexpected, type InternalRequest } from './internal-api.js';

/** The limits of the rate governor, over its internal API. */
export class GovernorLimits implements Limits {
  readonly #api: InternalApi;

  constructor(rateGovernorUrl: string, tenantId: string) {
    this.#api = new InternalApi(
      rateGovernorUrl,
      tenantId,
      'The rate governor, which keeps the limits, cannot be asked now.',
    );
  }

  list(): Promise<LimitsAnswer> {
    return this.#ask({ method: 'GET', path: '/internal/limits' });
  }

  put(id: string, policy: unknown): Promise<LimitsAnswer> {
    return this.#ask({ method: 'PUT', path: `/internal/limits/${encodeURIComponent(id)}`, body: policy });
  }

  remove(id: string): Promise<LimitsAnswer> {
    return this.#ask({ method: 'DELETE', path: `/internal/limits/${encodeURIComponent(id)}` });
  }

  #ask(request: InternalRequest): Promise<LimitsAnswer> {
    return this.#api.ask(request, (answer) => (answer.status < 500 ? answer : unexpected(answer)));
  }
}
