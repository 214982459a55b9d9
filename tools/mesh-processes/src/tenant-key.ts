import type { KeyRequest } from '@action-mesh/contracts/auth-broker';
import { z } from 'zod';

import type { MeshProcesses } from './mesh-processes.js';

const createdSchema = z.object({ key: z.string() });

/** Makes a tenant and a key of it, and waits until a gateway at `url` knows the key. */
export async function newTenantKey(
  mesh: Pick<MeshProcesses, 'gatewayUrl' | 'apiKey'>,
  tenantId: string,
  { url = mesh.gatewayUrl, ...request }: Partial<KeyRequest> & { readonly url?: string } = {},
): Promise<string> {
  const address = `${mesh.gatewayUrl}/v1/tenants/${tenantId}`;
  await asPlatform(mesh, 'PUT', address, {});
  const created = await asPlatform(mesh, 'POST', `${address}/keys`, {
    role: 'owner',
    holder: tenantId,
    ...request,
  });
  const { key } = createdSchema.parse(created);
  const giveUpAtMs = performance.now() + 10_000;
  while (performance.now() < giveUpAtMs) {
    const { status } = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
    if (status !== 401) return key;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the gateway does not know the new key of the tenant ${tenantId} after 10 s`);
}

async function asPlatform(
  { apiKey }: Pick<MeshProcesses, 'apiKey'>,
  method: string,
  url: string,
  body: object,
): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok)
    throw new Error(`${method} ${url} was answered with ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}
