import { setTimeout as sleep } from 'node:timers/promises';

import { chaosCall, effectClasses, type BroughtFault, type ChaosCall } from '../chaos-call.js';
import type { ChaosMesh } from '../chaos-mesh.js';
import type { Submitted } from '../checker/evidence.js';
import { SeededRandom } from './seeded-random.js';

/** The faults of calls at the provider, with their weights. */
const meetings: readonly (readonly [BroughtFault, number])[] = [
  [{}, 40],
  [{ sim_mode: 'delay', sim_ms: '20' }, 8],
  [{ sim_mode: 'delay', sim_ms: '400' }, 8],
  [{ sim_mode: 'delay', sim_ms: '2000' }, 8],
  // The answer is cut off after the request arrived. This fault finds the most bugs.
  [{ sim_mode: 'close-before-response', sim_times: '1' }, 10],
  [{ sim_mode: 'error-after-effect', sim_times: '1' }, 5],
  [{ sim_mode: 'status', sim_status: '503', sim_times: '1' }, 5],
  [{ sim_mode: 'status', sim_status: '429', sim_retry_after: '1', sim_times: '1' }, 5],
  [{ sim_mode: 'status', sim_status: '429', sim_retry_after: '3', sim_times: '1' }, 5],
  [{ sim_mode: 'status', sim_status: '422' }, 3],
  // Refused until every retry is used up.
  [{ sim_mode: 'status', sim_status: '429' }, 1],
];

/** Calls to the provider with the limit come in groups, larger than the limit allows. */
const heapEveryCalls = 100;
const heapSize = 30;

const duplicateShare = 0.1;
const deadlineShare = 0.04;
const deadlineMs: readonly [number, number] = [1_000, 8_000];

/** Sends calls of all kinds at a steady pace, drawn from a seed. Remembers the accepted ones. */
export class Workload {
  readonly submitted: Submitted[] = [];
  readonly #mesh: ChaosMesh;
  readonly #random: SeededRandom;
  readonly #everyMs: number;
  readonly #sending = new Set<Promise<void>>();
  readonly #recent: ChaosCall[] = [];
  #count = 0;

  constructor(mesh: ChaosMesh, seed: number, perSecond: number) {
    this.#mesh = mesh;
    // A sequence apart from that of the faults: one fault more would otherwise change the workload.
    this.#random = new SeededRandom(seed ^ 0x5eed);
    this.#everyMs = 1_000 / perSecond;
  }

  /** Sends until the signal aborts, and then waits for the sends under way. */
  async run(until: AbortSignal): Promise<void> {
    const startedAtMs = performance.now();
    while (!until.aborted) {
      this.#start(this.#next());
      if (this.#count % heapEveryCalls === 0) this.#heap();
      const waitMs = startedAtMs + this.#count * this.#everyMs - performance.now();
      await sleep(Math.max(0, waitMs), undefined, { signal: until }).catch(() => undefined);
    }
    await Promise.all(this.#sending);
  }

  #start(call: ChaosCall): void {
    const sending = this.#send(call).finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  #heap(): void {
    for (let index = 0; index < heapSize; index += 1) {
      this.#start(chaosCall({ effect: 'read', ref: `n${this.#count}-${index}`, limited: true }));
    }
  }

  #next(): ChaosCall {
    const random = this.#random;
    this.#count += 1;
    const effect = effectClasses[random.between(0, effectClasses.length - 1)] ?? 'read';
    const fault = random.weighted(meetings);
    const sameAs = this.#recent[random.between(0, 199)];
    const isDuplicate = random.next() < duplicateShare;
    const hasDeadline = random.next() < deadlineShare;
    const inMs = random.between(...deadlineMs);
    const ref = `n${this.#count}`;
    const call =
      isDuplicate && sameAs !== undefined
        ? chaosCall({ effect, ref, sameAs })
        : chaosCall({
            effect,
            ref,
            fault,
            ...(hasDeadline ? { deadline: new Date(Date.now() + inMs).toISOString() } : {}),
          });
    // A repeated read asks the provider again, so no bound covers its copies together.
    if (!isDuplicate && call.effect !== 'read') this.#recent[this.#count % 200] = call;
    return call;
  }

  async #send(call: ChaosCall): Promise<void> {
    const { accepted, ref, effect, fault } = call;
    const known = {
      callId: accepted.call_id,
      ref,
      effect,
      ...(fault.sim_retry_after === undefined ? {} : { retryAfterMs: Number(fault.sim_retry_after) * 1_000 }),
    };
    try {
      await this.#mesh.submit([call]);
      this.submitted.push({ ...known, accepted: 'yes' });
    } catch {
      // The send failed, but Kafka may still have the record.
      this.submitted.push({ ...known, accepted: 'maybe' });
    }
  }
}
