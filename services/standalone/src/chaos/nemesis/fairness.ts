import { waitFor } from '@action-mesh/testing';

import { chaosCall } from '../chaos-call.js';
import type { ChaosMesh } from '../chaos-mesh.js';
import type { FairnessEvidence } from '../checker/evidence.js';

const quietCalls = 60;
const floodCalls = 2_000;
const patienceMs = 30_000;

/** Calls of a quiet tenant one after the other, alone and beside a neighbour that floods. No faults are at work. */
export async function measureFairness(mesh: ChaosMesh, signal: AbortSignal): Promise<FairnessEvidence> {
  const calmMs = await quiet(mesh, 'calm', signal);
  const flood = Array.from({ length: floodCalls }, (_, index) =>
    chaosCall({
      effect: 'read',
      ref: `flood-${index}`,
      tenantId: 'flood',
      fault: { sim_mode: 'delay', sim_ms: '50' },
    }),
  );
  await mesh.submit(flood);
  const floodedMs = await quiet(mesh, 'flooded', signal);
  await waitFor(() => flood.every(({ accepted }) => mesh.settlementOf(accepted.call_id) !== undefined), {
    timeoutMs: 2 * patienceMs,
    intervalMs: 100,
    what: 'the flood to be over',
  });
  return { calmMs, floodedMs };
}

async function quiet(mesh: ChaosMesh, name: string, signal: AbortSignal): Promise<number[]> {
  const tookMs: number[] = [];
  for (let index = 0; index < quietCalls; index += 1) {
    signal.throwIfAborted();
    const call = chaosCall({ effect: 'read', ref: `${name}-${index}`, tenantId: 'quiet' });
    const startedAtMs = performance.now();
    await mesh.submit([call]);
    await waitFor(() => mesh.settlementOf(call.accepted.call_id) !== undefined, {
      timeoutMs: patienceMs,
      intervalMs: 2,
      what: 'a call of the quiet tenant',
    });
    tookMs.push(performance.now() - startedAtMs);
  }
  return tookMs;
}
