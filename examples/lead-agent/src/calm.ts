import { randomUUID } from 'node:crypto';

import { percentile, type ProviderSimulator } from '@action-mesh/testing';

import type { MeshProcesses } from '@action-mesh/mesh-processes';

import { demoUser } from './accounts.js';

/** Calls before the first one that counts as warm. A service that has just started is slower than one in use. */
const warmUpCalls = 100;
const coldCalls = 10;
const countedCalls = 200;

/** The milliseconds that the mesh adds to each write of the calm part. */
export interface CalmWrites {
  /** The first writes of new processes. */
  readonly coldMs: readonly number[];
  readonly warmMs: readonly number[];
}

/**
 * Makes a number of writes, one at a time. The mesh adds the caller's wait minus the wait of a direct request to the
 * same provider. Afterwards the provider forgets all these writes.
 */
export async function measureCalm(
  mesh: MeshProcesses,
  oracle: ProviderSimulator,
  signal: AbortSignal,
): Promise<CalmWrites> {
  const runId = randomUUID();
  const direct = await oneAtATime(warmUpCalls + countedCalls, signal, (index) =>
    fetch(`${oracle.url}/crm/contacts/direct-${index}%40example.com`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Ada Okafor' }),
      signal,
    }),
  );
  const called = await oneAtATime(warmUpCalls + countedCalls, signal, (index) =>
    fetch(`${mesh.gatewayUrl}/v1/tools/crm_update_contact/execute`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${mesh.apiKey}`,
        'content-type': 'application/json',
        prefer: 'wait=30',
      },
      body: JSON.stringify({
        user_id: demoUser,
        agent: { id: 'calm-agent', run_id: runId },
        arguments: { email: `calm-${index}@example.com`, name: 'Ada Okafor' },
      }),
      signal,
    }),
  );
  await oracle.reset();
  const directMs = percentile(direct.slice(warmUpCalls), 0.5);
  const added = called.map((tookMs) => Math.max(0, tookMs - directMs));
  return { coldMs: added.slice(0, coldCalls), warmMs: added.slice(warmUpCalls) };
}

async function oneAtATime(
  count: number,
  signal: AbortSignal,
  request: (index: number) => Promise<Response>,
): Promise<number[]> {
  const tookMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    signal.throwIfAborted();
    const startedAtMs = performance.now();
    const response = await request(index);
    const text = await response.text();
    tookMs.push(performance.now() - startedAtMs);
    if (!response.ok) throw new Error(`a request of the calm part got status ${response.status}: ${text}`);
  }
  return tookMs;
}
