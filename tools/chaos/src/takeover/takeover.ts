import type { OutcomeStatus } from '@action-mesh/contracts/executor';
import { interruptible, OpenResources } from '@action-mesh/platform';
import { waitFor } from '@action-mesh/testing';

import { startBreakableStack, type BreakableStack } from '../breakable-stack.js';
import { chaosCall, effectClasses, type ChaosCall, type ChaosClass } from '../chaos-call.js';
import { ChaosMesh } from '../chaos-mesh.js';
import { effectFault, endsByItself } from '../effect-bounds.js';
import { bringBack, lose, losses, startLater, type Loss } from './loss.js';

type CallClasses = 'keyed' | 'mixed';

export interface TakeoverOptions {
  /** @default all */
  readonly losses?: readonly Loss[];
  /** @default both */
  readonly classes?: readonly CallClasses[];
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The fate of the calls that one executor had in flight when it was lost. */
export interface TakeoverRun {
  readonly loss: Loss;
  readonly classes: CallClasses;
  readonly inFlight: number;
  /** Milliseconds from the loss until the last of them was settled. Absent when some were not settled. */
  readonly settledMs?: number;
  readonly targetMs: number;
  readonly effects: number;
  /** Calls that only a person settled, although their class needs no person, and calls that were never settled. */
  readonly unresolved: number;
  readonly needsReview: number;
  /** Effects beyond the effect class, by the oracle's count, after the lost executor came back. */
  readonly faults: readonly string[];
}

export interface TakeoverReport {
  readonly runs: readonly TakeoverRun[];
}

const atOnce = 64;
const shortestMs = 20;
const longestMs = 2_000;
const patienceMs = 60_000;
const targetMs: Readonly<Record<Loss, number>> = {
  killed: 3_000,
  'killed, restarted': 4_000,
  frozen: 12_000,
  cut_off: 12_000,
};

/**
 * Loses an executor with 64 calls in flight, in each of the ways, and measures the time until another one has settled
 * them.
 */
export async function runTakeover(options: TakeoverOptions): Promise<TakeoverReport> {
  const { say, signal } = options;
  const open = new OpenResources();
  try {
    const stack = open.use(await startBreakableStack({ say, withRedis: false }));
    const runs: TakeoverRun[] = [];
    for (const classes of options.classes ?? (['keyed', 'mixed'] as const)) {
      for (const loss of options.losses ?? losses) {
        signal.throwIfAborted();
        const run = await interruptible(signal, runOnce(stack, loss, classes));
        say(`  ${describe(run)}`);
        runs.push(run);
      }
    }
    return { runs };
  } finally {
    await open.close();
  }
}

function describe({ loss, classes, inFlight, settledMs, effects, unresolved, faults }: TakeoverRun): string {
  const time = settledMs === undefined ? 'not all settled' : `settled in ${settledMs} ms`;
  return `${loss}, ${classes}: ${inFlight} in flight, ${time}, ${effects} effects, ${unresolved} unresolved, ${faults.length} beyond the class`;
}

async function runOnce(stack: BreakableStack, loss: Loss, classes: CallClasses): Promise<TakeoverRun> {
  await using mesh = await ChaosMesh.start({
    brokers: stack.kafka.directBrokers,
    databaseUrl: stack.postgres.databaseUrl,
    provider: stack.provider,
    purpose: 'takeover',
    onUnexpectedExit: (error) => {
      throw error;
    },
  });
  const { processes } = mesh;
  await processes.start('executor-lost', stack.proxied(mesh.databaseUrl));
  if (loss !== 'killed, restarted') await processes.start('executor-other');
  const partition = await partitionOf(mesh, processes.pidOf('executor-lost'));
  const load = new Load(mesh, classes, partition);
  const inFlight = await load.untilInFlight(processes.pidOf('executor-lost'));

  const lostAtMs = performance.now();
  await lose(stack, mesh, loss);
  load.stop();
  const other = loss === 'killed, restarted' ? startLater(mesh) : Promise.resolve();
  // A call that ended between the look and the loss was not in flight any more.
  const hit = inFlight.filter((call) => (load.settledAtMs(call) ?? Infinity) > lostAtMs);
  const settled = waitFor(() => hit.every((call) => load.settledAtMs(call) !== undefined), {
    timeoutMs: patienceMs,
    what: 'all calls in flight to be settled',
  }).catch(() => false);
  const [all] = await Promise.all([settled, other]);
  const settledMs = Math.round(
    Math.max(...hit.map((call) => (load.settledAtMs(call) ?? Infinity) - lostAtMs)),
  );

  const late = all ? [] : await load.openOf(hit);
  await bringBack(stack, mesh, loss);
  const evidence = await load.judge(hit);
  return {
    loss,
    classes,
    inFlight: hit.length,
    ...(all ? { settledMs } : {}),
    targetMs: targetMs[loss],
    ...evidence,
    faults: [...late, ...evidence.faults],
  };
}

/** Sends a call to each partition and finds the executor's partition by the calls that it takes. */
async function partitionOf(mesh: ChaosMesh, pid: number): Promise<number> {
  return waitFor(
    async () => {
      for (const partition of [0, 1]) {
        const call = chaosCall({
          effect: 'read',
          ref: `scout-${partition}-${Math.random().toString(36).slice(2)}`,
        });
        await mesh.submit([call], partition);
        const id = call.accepted.call_id;
        await waitFor(() => mesh.settlementOf(id), { timeoutMs: 20_000, what: 'a scout to come back' });
        const { rows } = await mesh.ledger.query<{ name: string }>(
          `SELECT i.name FROM executor.call c JOIN executor.instance i ON i.id = c.owner WHERE c.call_id = $1`,
          [id],
        );
        if (rows[0]?.name.endsWith(`/${pid}`) === true) return { partition };
      }
      return undefined;
    },
    { timeoutMs: 60_000, what: 'the executor to have a partition' },
  ).then((found) => found.partition);
}

/** Keeps enough calls open to have 64 of them in flight. A new one starts when another is settled. */
class Load {
  readonly #sent = new Map<string, ChaosCall>();
  readonly #run = Math.random().toString(36).slice(2, 8);
  #stopped = false;

  readonly #mesh: ChaosMesh;
  readonly #classes: CallClasses;
  readonly #partition: number;

  constructor(mesh: ChaosMesh, classes: CallClasses, partition: number) {
    this.#mesh = mesh;
    this.#classes = classes;
    this.#partition = partition;
  }

  /** Resolves with the calls that the executor has at the provider, once there are 64 at the same time. */
  async untilInFlight(pid: number): Promise<ChaosCall[]> {
    const workers = Math.ceil(atOnce * 1.25);
    for (let worker = 0; worker < workers; worker += 1) void this.#work().catch(() => undefined);
    return waitFor(
      async () => {
        const { rows } = await this.#mesh.ledger.query<{ call_id: string }>(
          `SELECT c.call_id FROM executor.call c JOIN executor.instance i ON i.id = c.owner
            WHERE c.state = 'DISPATCHING' AND i.name LIKE '%/' || $1 LIMIT ${atOnce}`,
          [String(pid)],
        );
        if (rows.length < atOnce) return undefined;
        // The intent is on disk before the request leaves. Only the provider's view shows which calls are in flight.
        const seen = await this.#mesh.requestsByRef();
        const calls = rows.flatMap(({ call_id }) => this.#sent.get(call_id) ?? []);
        return calls.every(({ ref }) => seen.has(ref)) && calls.length === atOnce ? calls : undefined;
      },
      { timeoutMs: patienceMs, what: `${atOnce} calls to be in flight` },
    );
  }

  stop(): void {
    this.#stopped = true;
  }

  settledAtMs({ accepted }: ChaosCall): number | undefined {
    return this.#mesh.settledAtMs(accepted.call_id);
  }

  /** Describes the given calls that are not settled. */
  async openOf(hit: readonly ChaosCall[]): Promise<string[]> {
    const { rows } = await this.#mesh.ledger.query<{ call_id: string; state: string; waits: string | null }>(
      `SELECT c.call_id, c.state, w.lane || ' ' || w.reason || ' until ' || w.due_at::text AS waits
         FROM executor.call c LEFT JOIN executor.waiting w USING (tenant_id, user_id, hash)`,
    );
    const states = new Map(rows.map((row) => [row.call_id, row]));
    return hit.flatMap((call) => {
      if (this.settledAtMs(call) !== undefined) return [];
      const row = states.get(call.accepted.call_id);
      return [
        `${call.ref}: not settled after ${patienceMs} ms, ${row?.state ?? 'unknown'} ${row?.waits ?? ''}`,
      ];
    });
  }

  async judge(
    hit: readonly ChaosCall[],
  ): Promise<Pick<TakeoverRun, 'effects' | 'unresolved' | 'needsReview' | 'faults'>> {
    // All calls, not only those in flight: the loss may affect the rest as well.
    await waitFor(() => [...this.#sent.values()].every((call) => this.settledAtMs(call) !== undefined), {
      timeoutMs: patienceMs,
      what: 'the rest of the calls to be settled',
    }).catch(() => undefined);
    const requests = await this.#mesh.requestsByRef();
    const faults: string[] = [];
    let effects = 0;
    let unresolved = 0;
    let needsReview = 0;
    for (const call of this.#sent.values()) {
      const status: OutcomeStatus | undefined = this.#mesh.settlementOf(call.accepted.call_id);
      const seen = requests.get(call.ref) ?? { requests: 0, effects: 0 };
      const fault = effectFault(call.effect, status, seen);
      if (fault !== undefined) faults.push(`${call.ref}: ${fault}`);
      if (status === undefined) faults.push(`${call.ref}: never settled`);
      if (!hit.includes(call)) continue;
      effects += seen.effects;
      if (status === 'needs_review') needsReview += 1;
      if (status === undefined || (status !== 'succeeded' && endsByItself(call.effect))) unresolved += 1;
    }
    return { effects, unresolved, needsReview, faults };
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      const index = this.#sent.size;
      const call = chaosCall({
        effect:
          this.#classes === 'keyed' ? 'keyed' : (effectClasses[index % effectClasses.length] as ChaosClass),
        ref: `t${this.#run}-${index}`,
        fault: { sim_mode: 'delay', sim_ms: String(delayOf(index)) },
      });
      this.#sent.set(call.accepted.call_id, call);
      await this.#mesh.submit([call], this.#partition);
      await waitFor(() => this.#stopped || this.settledAtMs(call) !== undefined, {
        timeoutMs: patienceMs,
        what: 'a call of the load to be settled',
      });
    }
  }
}

/** Delays from 20 ms to 2 s, spread evenly in a mixed order. */
function delayOf(index: number): number {
  const share = ((index * 37) % 64) / 63;
  return Math.round(shortestMs + share * (longestMs - shortestMs));
}
