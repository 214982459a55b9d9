import type { AuthBrokerAnswer, AuthBrokerRequest } from './auth-broker-client.port.js';

/** Webhook endpoints, which the webhooks service keeps. Throws `MeshUnavailableError` when it cannot be reached. */
export interface WebhookEndpointsClient {
  ask(request: AuthBrokerRequest): Promise<AuthBrokerAnswer>;
}

export const WebhookEndpointsClient = Symbol('WebhookEndpointsClient');
