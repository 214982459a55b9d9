import type { Principal } from '@action-mesh/identity';

import type { Limits, LimitsAnswer } from '../../application/limits.port.js';
import { InternalApi, unexpected, type InternalRequest, type ServiceAddress } from './internal-api.js';

const timeoutMs = 5_000;

/** The limits of the rate governor, over its internal API. */
export class GovernorLimits implements Limits {
  readonly #api: InternalApi;

  constructor(rateGovernor: ServiceAddress) {
    this.#api = new InternalApi({
      ...rateGovernor,
      timeoutMs: timeoutMs,
      unavailable: 'The rate governor, which keeps the limits, cannot be reached now.',
      fix: 'Send the same request again later. To set or remove a limit twice has the effect of once.',
    });
  }

  list(caller: Principal): Promise<LimitsAnswer> {
    return this.#ask({ caller, method: 'GET', path: ['limits'] });
  }

  put(caller: Principal, id: string, policy: unknown): Promise<LimitsAnswer> {
    return this.#ask({ caller, method: 'PUT', path: ['limits', id], body: policy });
  }

  remove(caller: Principal, id: string): Promise<LimitsAnswer> {
    return this.#ask({ caller, method: 'DELETE', path: ['limits', id] });
  }

  #ask(request: InternalRequest): Promise<LimitsAnswer> {
    return this.#api.ask(request, (answer) => (answer.status < 500 ? answer : unexpected(answer)));
  }
}
