import { setTimeout as sleep } from 'node:timers/promises';

import { CallDead } from '@action-mesh/contracts/executor';
import { defined } from '@action-mesh/kernel';
import { interruptible, OpenResources } from '@action-mesh/platform';
import { waitFor } from '@action-mesh/testing';

import { startBreakableStack } from '../breakable-stack.js';
import { ChaosMesh } from '../chaos-mesh.js';
import { check } from '../checker/checker.js';
import type { ChaosEvidence } from '../checker/evidence.js';
import type { InvariantResult } from '../checker/invariant.js';
import { TopicLog } from '../topic-log.js';
import { measureFairness } from './fairness.js';
import { FaultInjector } from './fault-injector.js';
import { gatherEvidence } from './gather.js';
import { instances, makeSchedule, type ScheduledFault } from './schedule.js';
import { Watch } from './watch.js';
import { Workload } from './workload.js';

export interface NemesisOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface NemesisReport {
  readonly seed: number;
  readonly minutes: number;
  readonly faults: readonly ScheduledFault[];
  readonly submissions: number;
  readonly calls: number;
  readonly requests: number;
  readonly effects: number;
  /** The number of calls in each state. */
  readonly states: Readonly<Record<string, number>>;
  /** Milliseconds from the end of the last fault until everything came to rest. Absent when something never did. */
  readonly settledAfterMs?: number;
  readonly verdicts: readonly InvariantResult[];
}

const callsPerSecond = 20;
const patienceMs = 180_000;

/** Runs the faults of the seed's schedule under a mixed workload, then checks the invariants one by one. */
export async function runNemesis(options: NemesisOptions): Promise<NemesisReport> {
  const open = new OpenResources();
  try {
    return await interruptible(options.signal, new Nemesis(options, open).run());
  } finally {
    await open.close();
  }
}

class Nemesis {
  readonly #options: NemesisOptions;
  readonly #open: OpenResources;
  readonly #failures: unknown[] = [];
  #restart: (name: string) => void = () => undefined;

  constructor(options: NemesisOptions, open: OpenResources) {
    this.#options = options;
    this.#open = open;
  }

  async run(): Promise<NemesisReport> {
    const { seed, minutes, say, signal } = this.#options;
    const stack = this.#open.use(await startBreakableStack({ say, withRedis: true }));
    const mesh = await ChaosMesh.start({
      brokers: stack.kafka.directBrokers,
      databaseUrl: stack.postgres.databaseUrl,
      provider: stack.provider,
      purpose: 'nemesis',
      onUnexpectedExit: (error, name) => this.#died(error, name),
    });
    this.#open.add(mesh, (used) => used.destroy());
    const deadLetters = this.#open.use(await TopicLog.follow(mesh.client, CallDead.topic));
    const injector = new FaultInjector(stack, mesh, say);
    this.#restart = (name) => injector.restart(name);
    this.#open.add(injector, (used) => used.close());
    for (const instance of instances) injector.launch(instance);
    const watch = this.#open.use(await Watch.start(mesh));

    const durationMs = minutes * 60_000;
    const faults = makeSchedule(seed, durationMs, stack.redis !== undefined);
    say(
      `seed ${seed}: ${faults.length} faults in ${minutes} min, ${callsPerSecond} calls a second, ${instances.length} executors`,
    );
    const workload = new Workload(mesh, seed, callsPerSecond);
    const stop = new AbortController();
    const sending = workload.run(AbortSignal.any([stop.signal, signal]));
    await this.#play(faults, durationMs, injector);
    stop.abort();
    await sending;
    signal.throwIfAborted();

    say('  healed; waiting until everything has come to rest');
    injector.heal();
    const settledAfterMs = await this.#settle(mesh, workload);
    await this.#allIsPublished(mesh);
    const gathered = await gatherEvidence(mesh, {
      submitted: workload.submitted,
      deadLetters,
      watched: watch.watched,
    });
    // A mesh that does not come to rest says nothing about neighbours.
    const fairness = settledAfterMs === undefined ? {} : { fairness: await measureFairness(mesh, signal) };
    const evidence: ChaosEvidence = { ...gathered, ...fairness };
    const states: Record<string, number> = {};
    for (const { state } of evidence.calls) states[state] = (states[state] ?? 0) + 1;
    return {
      seed,
      minutes,
      faults,
      submissions: workload.submitted.length,
      calls: evidence.calls.length,
      requests: evidence.requests.length,
      effects: evidence.requests.filter(({ isEffect }) => isEffect).length,
      states,
      ...defined({ settledAfterMs }),
      verdicts: [...check(evidence), this.#ownVerdict()],
    };
  }

  /** Starts faults at their times, even while earlier ones are active. */
  async #play(faults: readonly ScheduledFault[], durationMs: number, injector: FaultInjector): Promise<void> {
    const { signal } = this.#options;
    const startedAtMs = performance.now();
    const untilMs = async (atMs: number): Promise<void> => {
      await sleep(Math.max(0, startedAtMs + atMs - performance.now()), undefined, { signal });
    };
    const running: Promise<void>[] = [];
    for (const fault of faults) {
      await untilMs(fault.atMs);
      running.push(injector.inject(fault).catch((error: unknown) => void this.#failures.push(error)));
    }
    await untilMs(durationMs);
    await Promise.all(running);
  }

  async #settle(mesh: ChaosMesh, workload: Workload): Promise<number | undefined> {
    const { signal, say } = this.#options;
    const startedAtMs = performance.now();
    const open = (): number =>
      workload.submitted.filter(
        ({ accepted, callId }) => accepted === 'yes' && mesh.settlementOf(callId) === undefined,
      ).length;
    const settled = await waitFor(
      () => {
        signal.throwIfAborted();
        return open() === 0;
      },
      { timeoutMs: patienceMs, intervalMs: 200, what: 'every accepted call to come to rest' },
    ).catch(() => false);
    signal.throwIfAborted();
    if (settled) return Math.round(performance.now() - startedAtMs);
    const last = instances.map((name) => `${name}: ${lastLines(mesh.processes.outputOf(name))}`);
    say(`  ${open()} submissions never came to rest\n${last.join('\n')}`);
    return undefined;
  }

  async #allIsPublished(mesh: ChaosMesh): Promise<void> {
    await waitFor(
      async () => {
        const { rows } = await mesh.ledger.query<{ left: number }>(
          'SELECT (SELECT count(*) FROM executor.outbox)::integer + (SELECT count(*) FROM executor.claim)::integer AS left',
        );
        return rows[0]?.left === 0;
      },
      { timeoutMs: 20_000, intervalMs: 100, what: 'the outbox and the claims to be empty' },
    ).catch(() => undefined);
  }

  /** Restarts an executor that could not start because a server was down, as an orchestrator would. */
  #died(error: Error, name: string): void {
    const gaveUpStarting = error.message.includes('"msg":"failed"');
    if (!gaveUpStarting) this.#failures.push(error);
    this.#options.say(
      `  ${name} ${gaveUpStarting ? 'could not start and' : 'DIED BY ITSELF and'} is started again`,
    );
    this.#restart(name);
  }

  /** The faults of the run itself: an executor that died by itself, or a server that did not come back. */
  #ownVerdict(): InvariantResult {
    const faults = this.#failures.map((error) =>
      lastLines(error instanceof Error ? error.message : String(error)),
    );
    return {
      invariant: '--',
      says: 'no process died by itself',
      checked: instances.length,
      faults,
      verdict: faults.length > 0 ? 'broken' : 'held',
    };
  }
}

/** The end of a process's output, short enough to read. */
function lastLines(text: string): string {
  return text
    .trim()
    .split('\n')
    .slice(-3)
    .map((line) => line.slice(0, 400))
    .join('\n');
}
