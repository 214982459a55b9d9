import type { OutcomeStatus } from '@action-mesh/contracts/executor';
import { newId } from '@action-mesh/kernel';
import { type ProviderSimulator, waitFor } from '@action-mesh/testing';

import { chaosCall, type ChaosCall } from '../chaos-call.js';
import { ChaosMesh } from '../chaos-mesh.js';
import { crashAt, crashReport } from '../crash-points.js';
import { interruptible } from '@action-mesh/platform';
import { agrees, faultsOf, type ObservedCall } from './cell-verdict.js';
import { preparationOf, type Cell } from './cells.js';

/** The parts of a run that its cells share. */
export interface CellContext {
  readonly brokers: readonly string[];
  readonly databaseUrl: string;
  readonly provider: ProviderSimulator;
  readonly signal: AbortSignal;
}

export interface CellResult extends Cell {
  readonly requests: number;
  readonly effects: number;
  readonly status: OutcomeStatus | 'none';
  readonly tookMs: number;
  readonly faults: readonly string[];
}

/** The shortest lease that an executor accepts. Each expired lease costs this much waiting. */
const environment = { EXECUTOR_LEASE: '8s' };
const victim = 'executor-victim';
const standby = 'executor-standby';
const patienceMs = 60_000;
/** Milliseconds that the topic may be behind the ledger. */
const toldWithinMs = 10_000;

interface LedgerRow {
  readonly call_id: string;
  readonly state: string;
  readonly recovered: boolean;
}

/** Plays one cell on its own mesh. A cell that cannot be played counts as a fault, not as an error. */
export async function runCell(cell: Cell, context: CellContext): Promise<CellResult> {
  const startedAtMs = performance.now();
  const finish = (call: ObservedCall | undefined, faults: readonly string[]): CellResult => ({
    ...cell,
    requests: call?.requests ?? 0,
    effects: call?.effects ?? 0,
    status: call?.status ?? 'none',
    tookMs: Math.round(performance.now() - startedAtMs),
    faults,
  });
  let mesh: ChaosMesh | undefined;
  try {
    const unexpected: string[] = [];
    mesh = await ChaosMesh.start({
      ...context,
      purpose: 'cell',
      onUnexpectedExit: (error) => unexpected.push(error.message),
    });
    const run = new CellRun(cell, mesh, context.signal);
    const calls = await interruptible(context.signal, run.play());
    const faults = [...calls.flatMap(faultsOf), ...unexpected, ...(await run.leftovers())];
    return finish(lostCall(calls), faults);
  } catch (error) {
    context.signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    return finish(undefined, [`${message}\n${mesh?.processes.output ?? ''}`.trim()]);
  } finally {
    await mesh?.destroy();
  }
}

/** The call to show: of two, the one that was under way when the executor was lost. */
function lostCall(calls: readonly ObservedCall[]): ObservedCall | undefined {
  const weight = ({ recovered, requests }: ObservedCall): number => (recovered ? 100 : 0) + requests;
  return [...calls].sort((a, b) => weight(b) - weight(a))[0];
}

class CellRun {
  readonly #calls: ChaosCall[];

  readonly #cell: Cell;
  readonly #mesh: ChaosMesh;
  readonly #signal: AbortSignal;

  constructor(cell: Cell, mesh: ChaosMesh, signal: AbortSignal) {
    this.#cell = cell;
    this.#mesh = mesh;
    this.#signal = signal;

    const { effect, point } = cell;
    const { fault = {} } = preparationOf(point);
    // Two executors share the two partitions, so one call in each surely reaches the victim.
    const count = this.#hasStandbyFirst() ? 2 : 1;
    this.#calls = Array.from({ length: count }, () => chaosCall({ effect, ref: newId(), fault }));
  }

  async play(): Promise<ObservedCall[]> {
    const mesh = this.#mesh;
    const cell = this.#cell;
    const { processes } = mesh;
    const { firstLoss } = preparationOf(cell.point);
    const armed = [crashAt(cell.point, { signal: cell.lease === 'expired' ? 'SIGSTOP' : 'SIGKILL' })];
    if (firstLoss === undefined) {
      if (this.#hasStandbyFirst()) await processes.start(standby, environment);
      await processes.start(victim, environment, armed);
      await Promise.all(this.#calls.map((call, partition) => mesh.submit([call], partition)));
    } else {
      await mesh.submit(this.#calls);
      processes.launch('executor-first', environment, [crashAt(firstLoss)]);
      await this.#within(processes.death('executor-first'), `the first executor to die at ${firstLoss}`);
      processes.launch(victim, environment, armed);
    }
    if (cell.lease === 'live') await this.#afterDeath();
    else await this.#afterFreeze();
    return this.#observe();
  }

  /** The work that is left in the ledger. */
  async leftovers(): Promise<string[]> {
    const left = await waitFor(
      async () => {
        const { rows } = await this.#mesh.ledger.query<{ left: number }>(
          'SELECT (SELECT count(*) FROM executor.outbox)::integer + (SELECT count(*) FROM executor.claim)::integer AS left',
        );
        return rows[0]?.left === 0 ? 'none' : undefined;
      },
      { timeoutMs: patienceMs, intervalMs: 100, what: 'the outbox and the claims to be empty' },
    ).catch((error: unknown) => (error instanceof Error ? error.message : 'unknown'));
    return left === 'none' ? [] : [left];
  }

  async #afterDeath(): Promise<void> {
    const { processes } = this.#mesh;
    await this.#within(processes.death(victim), `the executor to die at ${this.#cell.point}`);
    if (this.#cell.recoverer === 'same') processes.launch(victim, environment);
    else if (!this.#hasStandbyFirst()) processes.launch(standby, environment);
    await this.#settled();
  }

  async #afterFreeze(): Promise<void> {
    const { processes } = this.#mesh;
    const { point, recoverer } = this.#cell;
    await waitFor(() => processes.outputOf(victim).includes(crashReport(point, 'SIGSTOP')), {
      timeoutMs: patienceMs,
      intervalMs: 50,
      what: `the executor to freeze at ${point}`,
    });
    if (recoverer === 'same') {
      await this.#leaseIsOver();
      processes.resume(victim);
      await this.#settled();
      return;
    }
    if (!this.#hasStandbyFirst()) processes.launch(standby, environment);
    await this.#settled();
    await this.#leaseIsOver();
    processes.resume(victim);
    // The thawed executor first acts on the calls that were taken from it. Effects are counted after that.
    await waitFor(async () => (await this.#mesh.livesOf(victim)) > 1, {
      timeoutMs: patienceMs,
      intervalMs: 50,
      what: 'the thawed executor to see that its lease is over',
    });
  }

  #settled(): Promise<unknown> {
    return waitFor(
      () => {
        this.#signal.throwIfAborted();
        return this.#calls.every(({ accepted }) => this.#mesh.settlementOf(accepted.call_id) !== undefined);
      },
      { timeoutMs: patienceMs, intervalMs: 50, what: 'the calls to be settled' },
    ).catch((error: unknown) => {
      // The verdict reports lost calls. Only an interruption ends the cell.
      this.#signal.throwIfAborted();
      return error;
    });
  }

  #leaseIsOver(): Promise<unknown> {
    return waitFor(
      async () => {
        const { rows } = await this.#mesh.ledger.query<{ live: boolean }>(
          `SELECT EXISTS (SELECT FROM executor.instance
                           WHERE name LIKE '%/' || $1 AND ended_at IS NULL AND lease_until > clock_timestamp()) AS live`,
          [String(this.#mesh.processes.pidOf(victim))],
        );
        return rows[0]?.live === false;
      },
      { timeoutMs: patienceMs, intervalMs: 100, what: 'the lease of the frozen executor to be over' },
    );
  }

  async #observe(): Promise<ObservedCall[]> {
    // Outcomes are published after their commit, so the topic may be slightly behind. The verdict reports missing ones.
    const told = async () => {
      const rows = await this.#ledger();
      const states = new Map(rows.map(({ call_id, state }) => [call_id, state]));
      const isTold = this.#calls.every(({ accepted: { call_id } }) =>
        agrees(this.#mesh.settlementOf(call_id), states.get(call_id)),
      );
      return isTold ? rows : undefined;
    };
    const wait = { timeoutMs: toldWithinMs, intervalMs: 50, what: 'the topic to tell what the ledger says' };
    const rows = await waitFor(told, wait).catch(() => this.#ledger());
    const recovered = new Set(rows.filter((row) => row.recovered).map(({ call_id }) => call_id));
    const states = new Map(rows.map(({ call_id, state }) => [call_id, state]));
    const requests = await this.#mesh.requestsByRef(this.#calls.map(({ ref }) => ref));
    return this.#calls.map(({ effect, ref, accepted }): ObservedCall => {
      const seen = requests.get(ref);
      return {
        effect,
        status: this.#mesh.settlementOf(accepted.call_id),
        state: states.get(accepted.call_id),
        requests: seen?.requests ?? 0,
        effects: seen?.effects ?? 0,
        outcomes: this.#mesh.outcomes.of(accepted.call_id).map(({ value }) => {
          const { seq, status } = JSON.parse(value) as { seq: number; status: OutcomeStatus };
          return { seq, status, text: value };
        }),
        recovered: recovered.has(accepted.call_id),
      };
    });
  }

  async #ledger(): Promise<readonly LedgerRow[]> {
    const { rows } = await this.#mesh.ledger.query<LedgerRow>(
      'SELECT call_id, state, recovered FROM executor.call',
    );
    return rows;
  }

  #hasStandbyFirst(): boolean {
    const { firstLoss, alone } = preparationOf(this.#cell.point);
    return this.#cell.recoverer === 'other' && firstLoss === undefined && alone === undefined;
  }

  #within(death: Promise<void>, what: string): Promise<unknown> {
    let isDead = false;
    void death.then(() => (isDead = true));
    return waitFor(
      () => {
        this.#signal.throwIfAborted();
        return isDead;
      },
      { timeoutMs: patienceMs, intervalMs: 20, what },
    );
  }
}
