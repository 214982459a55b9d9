import type { InternalCaller } from '@action-mesh/contracts';
import {
  webhookLimits,
  webhookRotationSchema,
  type WebhookEndpointView,
  type WebhookSecretView,
} from '@action-mesh/contracts/webhooks';

import { endpointView, type StoredEndpoint } from '../../domain/endpoints/endpoint.js';
import { readEndpoint, readEndpointForm } from '../../domain/endpoints/endpoint-request.js';
import {
  EndpointConflictError,
  EndpointRightError,
  UnknownEndpointError,
} from '../../domain/webhooks.errors.js';
import type { Secrets } from '../secrets.port.js';
import type { EndpointStore } from './endpoint-store.port.js';
import { newWebhookSecret } from './sign-webhook.js';

/** The parts that administer endpoints. */
export interface AdministerEndpointsParts {
  readonly store: EndpointStore;
  readonly secrets: Pick<Secrets, 'seal'>;
  readonly newId: () => string;
  /** The entry of EGRESS_ALLOW that a URL would need. */
  readonly missingEntry: (url: string) => string | undefined;
}

const overlapS = 86_400;

/** Requires the scope for every action on endpoints and deliveries. */
export function requireWebhooksAdmin({ scopes }: InternalCaller): void {
  if (!scopes.has('webhooks:admin')) throw new EndpointRightError();
}

/**
 * Administers the endpoints of the caller's tenant. Errors: `WEBHOOKS_MISSING_RIGHT`, `WEBHOOKS_INVALID`,
 * `WEBHOOKS_UNKNOWN`, `WEBHOOKS_CONFLICT`.
 */
export class AdministerEndpoints {
  readonly #parts: AdministerEndpointsParts;

  constructor(parts: AdministerEndpointsParts) {
    this.#parts = parts;
  }

  async list(caller: InternalCaller): Promise<WebhookEndpointView[]> {
    requireWebhooksAdmin(caller);
    return (await this.#parts.store.list(caller.tenantId)).map(endpointView);
  }

  async find(caller: InternalCaller, id: string): Promise<WebhookEndpointView> {
    requireWebhooksAdmin(caller);
    return viewOf(await this.#parts.store.find({ tenantId: caller.tenantId, id }));
  }

  async create(caller: InternalCaller, body: unknown): Promise<WebhookSecretView> {
    requireWebhooksAdmin(caller);
    const { store, newId, missingEntry } = this.#parts;
    const request = readEndpoint(body, missingEntry);
    const name = { tenantId: caller.tenantId, id: newId() };
    const { secret, sealed } = await this.#newSecret(name);
    const created = await store.create(name, request, sealed, caller.holder);
    if (created === 'too_many')
      throw new EndpointConflictError(
        `the tenant has ${webhookLimits.endpoints} endpoints, as many as it may have; remove those that are not used`,
      );
    return { ...endpointView(created), secret };
  }

  async put(caller: InternalCaller, id: string, body: unknown): Promise<WebhookEndpointView> {
    requireWebhooksAdmin(caller);
    const { store, missingEntry } = this.#parts;
    const request = readEndpoint(body, missingEntry);
    return viewOf(await store.change({ tenantId: caller.tenantId, id }, request));
  }

  async rotate(caller: InternalCaller, id: string, body: unknown): Promise<WebhookSecretView> {
    requireWebhooksAdmin(caller);
    const { overlap_seconds: given = overlapS } = readEndpointForm(webhookRotationSchema, body);
    const name = { tenantId: caller.tenantId, id };
    const { secret, sealed } = await this.#newSecret(name);
    return { ...viewOf(await this.#parts.store.rotate(name, sealed, given)), secret };
  }

  async enable(caller: InternalCaller, id: string): Promise<WebhookEndpointView> {
    requireWebhooksAdmin(caller);
    return viewOf(await this.#parts.store.enable({ tenantId: caller.tenantId, id }));
  }

  async remove(caller: InternalCaller, id: string): Promise<void> {
    requireWebhooksAdmin(caller);
    const wasThere = await this.#parts.store.remove({ tenantId: caller.tenantId, id });
    if (!wasThere) throw new UnknownEndpointError('webhook endpoint');
  }

  async #newSecret({ tenantId, id }: { readonly tenantId: string; readonly id: string }): Promise<{
    readonly secret: string;
    readonly sealed: Buffer;
  }> {
    const secret = newWebhookSecret();
    return { secret, sealed: await this.#parts.secrets.seal({ tenantId, owner: ['endpoint', id] }, secret) };
  }
}

function viewOf(stored: StoredEndpoint | undefined): WebhookEndpointView {
  if (stored === undefined) throw new UnknownEndpointError('webhook endpoint');
  return endpointView(stored);
}
