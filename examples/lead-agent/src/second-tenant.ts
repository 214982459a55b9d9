import { randomUUID } from 'node:crypto';

import type { MeshProcesses } from '@action-mesh/mesh-processes';
import type { ProviderSimulator } from '@action-mesh/testing';

import { demoUser, type DemoTenant } from './accounts.js';

/** The story of a second tenant on the same mesh. */
export interface SecondTenant {
  /** Requests of equal calls of both tenants: one for each tenant, because no tenant's call is a duplicate of another's. */
  readonly requests: number;
  /** The status of the answer when the second tenant asks for the call of the first. */
  readonly foreignCallStatus: number;
  /** The milliseconds from the request that revokes a key to its first refusal. */
  readonly revokedAfterMs: number;
}

/** The contact of the calls of both tenants. */
const sharedContactPath = '/crm/contacts/shared%40example.com';

/** The interval between two uses of a key, milliseconds. */
const pollMs = 5;
const patienceMs = 10_000;

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The second tenant's agent makes the same call as the first tenant's agent, and asks for the call of the first tenant.
 * Then its owner revokes the agent's key. Afterwards the provider forgets both writes.
 */
export async function playSecondTenant(
  mesh: MeshProcesses,
  oracle: ProviderSimulator,
  { ownerKey }: DemoTenant,
): Promise<SecondTenant> {
  const ask = async (key: string, method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${mesh.gatewayUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', prefer: 'wait=30' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
  };
  const done = async (key: string, method: string, path: string, body?: unknown): Promise<Answer['body']> => {
    const answer = await ask(key, method, path, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  };

  const agent = await done(ownerKey, 'POST', '/v1/keys', { role: 'agent', holder: 'their-agent' });
  const agentKey = String(agent['key']);
  await until(async () => (await ask(agentKey, 'GET', '/v1/me')).status === 200);

  const path = '/v1/tools/crm_update_contact/execute';
  const call = {
    user_id: demoUser,
    agent: { id: 'example-agent', run_id: randomUUID() },
    arguments: { email: 'shared@example.com', name: 'Ada Okafor' },
  };
  const { call_id: callId } = await done(mesh.apiKey, 'POST', path, call);
  await done(agentKey, 'POST', path, call);
  const foreign = await ask(agentKey, 'GET', `/v1/calls/${String(callId)}`);

  const startedAtMs = performance.now();
  await done(ownerKey, 'DELETE', `/v1/keys/${String(agent['id'])}`);
  await until(async () => (await ask(agentKey, 'GET', '/v1/me')).status === 401);
  const revokedAfterMs = Math.round(performance.now() - startedAtMs);
  const requests = await oracle.requests({ path: sharedContactPath });
  await oracle.reset();
  return {
    requests: requests.length,
    foreignCallStatus: foreign.status,
    revokedAfterMs,
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const giveUpAtMs = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAtMs) throw new Error('a door did not learn of a key in time');
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
