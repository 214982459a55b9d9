import { integrationKey, type Integration } from '@action-mesh/contracts/auth-broker';

import { hostOf, isCovered } from './host-rules.js';

/** The part of a tool that selects its integration. */
export interface ServedTool {
  readonly provider: { readonly slug: string; readonly base_url: string };
}

/**
 * The integrations of all tenants, in memory. It follows the topic of integrations.
 *
 * - ID1: a tool gets an integration of its own tenant alone.
 * - ID2: an integration that names providers of tools serves exactly those. Any other one serves the tools at its hosts.
 *   One that names the provider comes first, then the one with the most exact host.
 */
export class IntegrationDirectory {
  readonly #byTenant = new Map<string, Map<string, Integration>>();
  #isComplete = false;

  /** Whether the directory has read its topic up to the end once. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  complete(): void {
    this.#isComplete = true;
  }

  put(integration: Integration): void {
    const { tenant_id: tenantId } = integration;
    const known = this.#byTenant.get(tenantId) ?? new Map<string, Integration>();
    known.set(integrationKey(integration), integration);
    this.#byTenant.set(tenantId, known);
  }

  /** Forgets an integration, by its key on the topic. */
  remove(key: string): void {
    const tenantId = key.slice(0, key.indexOf('/'));
    const known = this.#byTenant.get(tenantId);
    known?.delete(key);
    if (known?.size === 0) this.#byTenant.delete(tenantId);
  }

  find(tenantId: string, integration: string): Integration | undefined {
    return this.#byTenant.get(tenantId)?.get(integrationKey({ tenant_id: tenantId, integration }));
  }

  list(tenantId: string): readonly Integration[] {
    return [...(this.#byTenant.get(tenantId)?.values() ?? [])];
  }

  /** The integration for the calls of a tool. Undefined: the tenant has set up none. */
  serving(tenantId: string, { provider }: ServedTool): Integration | undefined {
    const known = this.#byTenant.get(tenantId);
    if (known === undefined) return undefined;
    const host = hostOf(provider.base_url);
    let best: Integration | undefined;
    let bestRank = 0;
    for (const integration of known.values()) {
      const rank = rankOf(integration, provider.slug, host);
      if (rank < bestRank || rank === 0) continue;
      // Of two equals, the first by name: the choice must not depend on the order of records.
      if (rank === bestRank && best !== undefined && best.integration < integration.integration) continue;
      best = integration;
      bestRank = rank;
    }
    return best;
  }
}

/** 3: it names the provider. 2: it names the host. 1: a pattern covers the host. 0: it does not serve the tool. */
function rankOf({ serves, hosts }: Integration, slug: string, host: string | undefined): 0 | 1 | 2 | 3 {
  if (serves.length > 0) return serves.includes(slug) ? 3 : 0;
  if (host === undefined) return 0;
  if (hosts.includes(host)) return 2;
  return isCovered(host, hosts) ? 1 : 0;
}
