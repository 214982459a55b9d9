import { connectReplySchema, type ConnectReply } from '@action-mesh/contracts/auth-broker';

import type { AuthBrokerAnswer } from '../../application/auth-broker-client.port.js';
import type {
  ConnectBroker,
  ConnectPageAsk,
  ConnectSessionRequestOf,
} from '../../application/connect-broker.port.js';
import { InternalApi, unexpected, type ServiceAddress } from './internal-api.js';

/** A page waits for several requests to a provider, each of at most 10 s. */
const pageTimeoutMs = 50_000;
/** More than the longest wait for a change. */
const sessionTimeoutMs = 70_000;
const unavailable = 'The auth broker, which keeps connections, cannot be reached now.';

/** The connect flow, over the internal API of the auth broker. */
export class BrokerConnect implements ConnectBroker {
  readonly #sessions: InternalApi;
  readonly #pages: InternalApi;

  /** `stop` ends waiting requests when the gateway stops. */
  constructor(broker: ServiceAddress, stop: AbortSignal) {
    const fix = 'Look at the connect session with a GET before you send the request again.';
    this.#sessions = new InternalApi({ ...broker, timeoutMs: sessionTimeoutMs, unavailable, fix, stop });
    this.#pages = new InternalApi({ ...broker, timeoutMs: pageTimeoutMs, unavailable, fix, stop });
  }

  session({ caller, method, path, body, waitS }: ConnectSessionRequestOf): Promise<AuthBrokerAnswer> {
    const request = { caller, method, path: ['connect-sessions', ...path], body, query: { wait: waitS } };
    return this.#sessions.ask(request, (answer) => (answer.status < 500 ? answer : unexpected(answer)));
  }

  page({ page, request }: ConnectPageAsk): Promise<ConnectReply> {
    const path = ['connect', ...page.split('/')];
    return this.#pages.ask({ method: 'POST', path, body: request }, (answer) =>
      answer.status === 200 ? connectReplySchema.parse(answer.body) : unexpected(answer),
    );
  }
}
