import type { WebhookEndpointRequest } from '@action-mesh/contracts/webhooks';

import type { StoredEndpoint } from '../../domain/endpoints/endpoint.js';

/** The names of an endpoint. */
export interface EndpointName {
  readonly tenantId: string;
  readonly id: string;
}

/** The record of endpoints. */
export interface EndpointStore {
  /** By id, the oldest first. */
  list(tenantId: string): Promise<readonly StoredEndpoint[]>;
  find(name: EndpointName): Promise<StoredEndpoint | undefined>;
  create(
    name: EndpointName,
    request: WebhookEndpointRequest,
    secret: Buffer,
    createdBy: string,
  ): Promise<StoredEndpoint | 'too_many'>;
  change(name: EndpointName, request: WebhookEndpointRequest): Promise<StoredEndpoint | undefined>;
  /** The secret from before signs for another `overlapS` seconds. A secret from before that one ends now. */
  rotate(name: EndpointName, secret: Buffer, overlapS: number): Promise<StoredEndpoint | undefined>;
  enable(name: EndpointName): Promise<StoredEndpoint | undefined>;
  /** Removes the endpoint with its deliveries. */
  remove(name: EndpointName): Promise<boolean>;
}

export const EndpointStore = Symbol('EndpointStore');
