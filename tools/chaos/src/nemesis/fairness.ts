import { waitFor } from '@action-mesh/testing';

import { chaosCall, type ChaosCall } from '../chaos-call.js';
import type { ChaosMesh } from '../chaos-mesh.js';
import type { FairnessEvidence } from '../checker/evidence.js';

const calmCalls = 150;
const floodCalls = 8_000;
/**
 * The number of unfinished calls that the gateway allows one tenant. This run has no gateway, so it applies the number
 * itself.
 */
const unsettledAtMost = 2_000;
const batchSize = 100;
const patienceMs = 30_000;

/** Measures calls of a quiet tenant one after the other, alone and beside a flooding neighbour, without faults. */
export async function measureFairness(mesh: ChaosMesh, signal: AbortSignal): Promise<FairnessEvidence> {
  const quiet = new QuietTenant(mesh, signal);
  const calmMs: number[] = [];
  while (calmMs.length < calmCalls) calmMs.push(await quiet.call());
  const flood = new Flood(mesh, signal);
  const floodedMs: number[] = [];
  const flooding = flood.run();
  while (!flood.isOver) floodedMs.push(await quiet.call());
  await flooding;
  return { calmMs, floodedMs };
}

class QuietTenant {
  #calls = 0;

  readonly #mesh: ChaosMesh;
  readonly #signal: AbortSignal;

  constructor(mesh: ChaosMesh, signal: AbortSignal) {
    this.#mesh = mesh;
    this.#signal = signal;
  }

  /** The duration of one call in milliseconds. */
  async call(): Promise<number> {
    this.#signal.throwIfAborted();
    const call = chaosCall({ effect: 'read', ref: `quiet-${this.#calls++}`, tenantId: 'quiet' });
    const startedAtMs = performance.now();
    await this.#mesh.submit([call]);
    await waitFor(() => this.#mesh.settlementOf(call.accepted.call_id) !== undefined, {
      timeoutMs: patienceMs,
      intervalMs: 2,
      what: 'a call of the quiet tenant',
    });
    return performance.now() - startedAtMs;
  }
}

/** Keeps as many calls unfinished as the gateway would allow. A new call starts when one has its outcome. */
class Flood {
  readonly #open = new Map<string, ChaosCall>();
  #sent = 0;

  readonly #mesh: ChaosMesh;
  readonly #signal: AbortSignal;

  constructor(mesh: ChaosMesh, signal: AbortSignal) {
    this.#mesh = mesh;
    this.#signal = signal;
  }

  get isOver(): boolean {
    return this.#sent >= floodCalls && this.#open.size === 0;
  }

  async run(): Promise<void> {
    while (!this.isOver) {
      this.#signal.throwIfAborted();
      for (const id of this.#open.keys())
        if (this.#mesh.settlementOf(id) !== undefined) this.#open.delete(id);
      const room = Math.min(batchSize, unsettledAtMost - this.#open.size, floodCalls - this.#sent);
      if (room > 0) await this.#submit(room);
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #submit(count: number): Promise<void> {
    const calls = Array.from({ length: count }, () =>
      chaosCall({
        effect: 'read',
        ref: `flood-${this.#sent++}`,
        tenantId: 'flood',
        fault: { sim_mode: 'delay', sim_ms: '50' },
      }),
    );
    for (const call of calls) this.#open.set(call.accepted.call_id, call);
    if (this.#open.size > mostInCalls) await this.#mesh.submitBulk(calls);
    else await this.#mesh.submit(calls);
  }
}

/** From this number on, the gateway writes to the bulk topic. */
const mostInCalls = 256;
