import type { ConnectReply } from '@action-mesh/contracts/auth-broker';

import type { AuthBrokerAnswer } from './auth-broker-client.port.js';
import type { ConnectBroker, ConnectPageAsk, ConnectSessionRequestOf } from './connect-broker.port.js';

/** Records the requests, and gives the answers that a test chooses. */
export class FakeConnectBroker implements ConnectBroker {
  readonly sessions: ConnectSessionRequestOf[] = [];
  readonly pages: ConnectPageAsk[] = [];
  answers: AuthBrokerAnswer[] = [];
  reply: ConnectReply | Error = { status: 200, cookies: [], html: '<!doctype html>' };

  session(request: ConnectSessionRequestOf): Promise<AuthBrokerAnswer> {
    this.sessions.push(request);
    return Promise.resolve(this.answers.shift() ?? { status: 200, body: {} });
  }

  page(ask: ConnectPageAsk): Promise<ConnectReply> {
    this.pages.push(ask);
    return this.reply instanceof Error ? Promise.reject(this.reply) : Promise.resolve(this.reply);
  }
}
