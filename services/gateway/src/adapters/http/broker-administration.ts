import type { ReportedKeyUses } from '@action-mesh/contracts/auth-broker';

import type {
  AuthBrokerAnswer,
  AuthBrokerClient,
  AuthBrokerRequest,
} from '../../application/auth-broker-client.port.js';
import type { KeyUseReport } from '../../application/key-uses.js';
import { InternalApi, unexpected, type ServiceAddress } from './internal-api.js';

const timeoutMs = 5_000;

/** Tenants, keys and kill switches, over the internal API of the auth broker. */
export class BrokerAdministration implements AuthBrokerClient, KeyUseReport {
  readonly #api: InternalApi;

  constructor(broker: ServiceAddress) {
    this.#api = new InternalApi({
      ...broker,
      timeoutMs,
      unavailable:
        'The auth broker, which keeps tenants, keys, kill switches and connections, cannot be reached now. Calls do not depend on it, unless they need a new credential.',
      fix: 'Check with a GET whether the change was made before you send it again. A key that is created twice is two keys; revoke the one that nobody has.',
    });
  }

  ask(request: AuthBrokerRequest): Promise<AuthBrokerAnswer> {
    return this.#api.ask(request, (answer) => (answer.status < 500 ? answer : unexpected(answer)));
  }

  async send(uses: ReadonlyMap<string, number>): Promise<void> {
    const body: ReportedKeyUses = {
      uses: [...uses].map(([key_id, atMs]) => ({ key_id, used_at: new Date(atMs).toISOString() })),
    };
    await this.#api.ask({ method: 'POST', path: ['key-uses'], body }, (answer) => {
      if (answer.status >= 400) unexpected(answer);
    });
  }
}
