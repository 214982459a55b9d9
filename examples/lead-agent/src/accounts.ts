import { connectAccount, newTenantKey, type MeshProcesses } from '@action-mesh/mesh-processes';
import { startAuthorizationServer, type AuthorizationServer } from '@action-mesh/testing';

/** A tenant of the demo, with the keys of its owner and its agent. */
export interface DemoTenant {
  readonly tenantId: string;
  readonly ownerKey: string;
  readonly agentKey: string;
  readonly publisherToken: string;
}

export const firstTenantId = 'default';
export const secondTenantId = 'globex';
/** The user of both tenants. Each tenant has its own user of this name. */
export const demoUser = 'demo-user';
/** A user whose provider fails. A provider that fails for one account does not affect the others. */
export const unluckyUser = 'unlucky-user';

const apps = ['crm', 'slack'] as const;
/** Short enough to expire several times in one demo, seconds. */
const accessTokenSeconds = 8;

/**
 * The authorization server of the simulated CRM and messenger. Its refresh tokens are for one use: a second use ends the
 * whole grant.
 */
export function startDemoAuthorization(): Promise<AuthorizationServer> {
  return startAuthorizationServer({
    clients: apps.map((app) => ({
      id: `${app}-app`,
      secret: `secret-of-the-${app}-app`,
      redirectUris: [firstTenantId, secondTenantId].map(
        (tenantId) => `http://127.0.0.1/connect/callback/${tenantId}/${app}`,
      ),
      rotation: 'strict',
      accessTokenSeconds,
    })),
  });
}

/** The account that a user of a tenant has at both providers. */
export function accountNameOf(tenantId: string, userId: string): string {
  return `${userId}-of-${tenantId}`;
}

/** The keys of both tenants. */
export async function demoTenants(mesh: MeshProcesses): Promise<readonly [DemoTenant, DemoTenant]> {
  const ownerKey = await newTenantKey(mesh, secondTenantId);
  const create = async (use: 'api' | 'publisher'): Promise<string> => {
    const response = await fetch(`${mesh.gatewayUrl}/v1/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ownerKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ use, role: 'agent', holder: 'example-agent' }),
    });
    if (!response.ok) throw new Error(`the key was answered ${response.status}: ${await response.text()}`);
    return ((await response.json()) as { readonly key: string }).key;
  };
  const { apiKey, publisherToken } = mesh;
  return [
    { tenantId: firstTenantId, ownerKey: apiKey, agentKey: apiKey, publisherToken },
    {
      tenantId: secondTenantId,
      ownerKey,
      agentKey: await create('api'),
      publisherToken: await create('publisher'),
    },
  ];
}

/** Sets up both providers for a tenant, and connects the accounts of its users. */
export async function connectAccounts(
  mesh: MeshProcesses,
  server: AuthorizationServer,
  { tenantId, ownerKey }: DemoTenant,
  providerHost: string,
): Promise<void> {
  for (const app of apps) {
    const response = await fetch(`${mesh.gatewayUrl}/v1/integrations/${app}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ownerKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        provider: 'oauth2',
        client_id: `${app}-app`,
        client_secret: `secret-of-the-${app}-app`,
        scopes: ['openid', 'offline_access'],
        settings: { issuer: server.url },
        serves: [`sim_${app}`],
        hosts: [providerHost],
      }),
    });
    if (!response.ok)
      throw new Error(`the integration ${app} was answered ${response.status}: ${await response.text()}`);
    const users = tenantId === firstTenantId && app === 'crm' ? [demoUser, unluckyUser] : [demoUser];
    for (const userId of users)
      await connectAccount({
        gatewayUrl: mesh.gatewayUrl,
        apiKey: ownerKey,
        userId,
        integration: app,
        consent: (url) => server.consent(url, { login: accountNameOf(tenantId, userId) }),
      });
  }
}
