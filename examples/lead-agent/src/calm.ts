import { randomUUID } from 'node:crypto';

import { percentile, type ProviderSimulator } from '@action-mesh/testing';

import type { MeshProcesses } from '@action-mesh/mesh-processes';

/** Calls before the first measured one. A service that has just started is slower than one in use. */
const warmUpCalls = 100;
const countedCalls = 200;

/**
 * Makes a number of writes, one at a time, and returns the milliseconds that the mesh adds to each: the caller's wait
 * minus the wait of a direct request to the same provider. Afterwards the provider forgets all these writes.
 */
export async function measureCalm(
  mesh: MeshProcesses,
  oracle: ProviderSimulator,
  signal: AbortSignal,
): Promise<readonly number[]> {
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
        user_id: 'calm-user',
        agent: { id: 'calm-agent', run_id: runId },
        arguments: { email: `calm-${index}@example.com`, name: 'Ada Okafor' },
      }),
      signal,
    }),
  );
  await oracle.reset();
  const directMs = percentile(direct.slice(warmUpCalls), 0.5);
  return called.slice(warmUpCalls).map((tookMs) => Math.max(0, tookMs - directMs));
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
