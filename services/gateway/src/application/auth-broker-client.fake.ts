import type { AuthBrokerAnswer, AuthBrokerClient, AuthBrokerRequest } from './auth-broker-client.port.js';

/** Records what it is asked, and gives the answer that a test chooses. */
export class FakeAuthBrokerClient implements AuthBrokerClient {
  readonly requests: AuthBrokerRequest[] = [];
  answer: AuthBrokerAnswer = { status: 200, body: {} };

  ask(request: AuthBrokerRequest): Promise<AuthBrokerAnswer> {
    this.requests.push(request);
    return Promise.resolve(this.answer);
  }
}
