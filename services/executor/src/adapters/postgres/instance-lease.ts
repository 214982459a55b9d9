import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { errorMessage, type Clock } from '@action-mesh/kernel';
import { createClient } from '@action-mesh/postgres';

import type { ExecutorInstance } from '../../application/ledger.port.js';
import { PolicyConflictError } from '../../domain/executor.errors.js';
import {
  newPolicySalt,
  policyConflict,
  policySalt,
  policyText,
  type MeshPolicy,
} from '../../domain/mesh-policy.js';

type Connection = ReturnType<typeof createClient>;

/**
 * The pause between attempts of a process with a policy that differs from the running one. The others have to stop
 * first.
 */
const refusedPauseMs = 5_000;

export interface LeaseOptions {
  readonly url: string;
  readonly schema: string;
  /** The name that people see: host and process. */
  readonly name: string;
  /** Milliseconds that the lease lasts without a renewal. */
  readonly leaseMs: number;
  readonly renewEveryMs: number;
  /** Milliseconds of the lease that must be left for a request to start. */
  readonly marginMs: number;
  readonly clock: Clock;
  /** The policy of this process's settings. */
  readonly policy: MeshPolicy;
  /** `refused`: the live instances have another policy. This process stays without an instance and tries again. */
  readonly onChange: (change: 'opened' | 'lost' | 'refused', id: string, reason?: string) => void;
}

/** An instance together with its number in the ledger. */
export class LedgerInstance implements ExecutorInstance {
  readonly #abort = new AbortController();
  readonly #clock: Clock;
  readonly #marginMs: number;
  #endsAtMs: number;

  readonly id: string;

  constructor(id: string, options: Pick<LeaseOptions, 'clock' | 'marginMs'>, endsAtMs: number) {
    this.id = id;

    this.#clock = options.clock;
    this.#marginMs = options.marginMs;
    this.#endsAtMs = endsAtMs;
    // Every request under way listens.
    setMaxListeners(0, this.#abort.signal);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  isLive(): boolean {
    return !this.#abort.signal.aborted && this.#clock.monotonicMs() + this.#marginMs < this.#endsAtMs;
  }

  extend(endsAtMs: number): void {
    this.#endsAtMs = endsAtMs;
  }

  end(): void {
    this.#abort.abort();
  }
}

/**
 * Keeps this process alive in the ledger, on its own connection.
 *
 * - L1: an instance is live only while its row's lease has more than the margin left. We count the lease from before
 *   the renewal was sent. Other instances use the database's time, we use monotonic time, and neither uses the wall
 *   clock.
 * - L2: when a renewal fails or the connection drops, the instance ends at once and for good. The next one has a new
 *   number, and takes over the old one's calls like those of any dead instance.
 * - L3: all live instances have the same policy. A process with another policy gets no instance.
 */
export class InstanceLease {
  readonly #options: LeaseOptions;
  readonly #stopped = new AbortController();
  #current: LedgerInstance | undefined;
  #keeper: Promise<void> = Promise.resolve();
  #interrupt: AbortController | undefined;
  /** The policy under the salt of the running executors, as far as known. Kept, because it costs time. */
  #policy: string | undefined;

  private constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Opens the first instance. Rejects when PostgreSQL cannot be reached, and with `PolicyConflictError` (L3). */
  static async open(options: LeaseOptions): Promise<InstanceLease> {
    const lease = new InstanceLease(options);
    const first = await lease.#open();
    lease.#keeper = lease.#keep(first);
    return lease;
  }

  /** The live instance. Undefined while there is none. */
  get current(): LedgerInstance | undefined {
    return this.#current?.isLive() === true ? this.#current : undefined;
  }

  /** Ends the current instance, which no longer knows its calls. The next one takes them over. */
  abandon(reason: string): void {
    this.#interrupt?.abort(reason);
  }

  /** Ends the instance in the ledger too, so other instances do not wait for its lease to run out. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#keeper;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #open(): Promise<{ connection: Connection; instance: LedgerInstance }> {
    const { leaseMs, renewEveryMs, marginMs, name, clock } = this.#options;
    const connection = createClient({
      url: this.#options.url,
      schema: this.#options.schema,
      role: 'service',
      applicationName: 'executor-lease',
      // A slower renewal leaves too little of the lease to stop the running requests.
      statementTimeoutMs: leaseMs - marginMs - 2 * renewEveryMs,
    });
    connection.on('error', () => undefined);
    try {
      await connection.connect();
      const startedAtMs = clock.monotonicMs();
      const opened = await connection.query<{ id: string }>(
        `SELECT open_instance($1, $2 * interval '1 ms') AS id`,
        [name, leaseMs],
      );
      const id = opened.rows[0]?.id ?? '';
      await this.#declarePolicy(connection, id);
      const instance = new LedgerInstance(id, this.#options, startedAtMs + leaseMs);
      this.#current = instance;
      this.#options.onChange('opened', id);
      return { connection, instance };
    } catch (error) {
      await connection.end().catch(() => undefined);
      throw error;
    }
  }

  /** Declares the policy under a fresh salt, or under the salt of the running executors if there are any. */
  async #declarePolicy(connection: Connection, id: string): Promise<void> {
    const { policy } = this.#options;
    let own = (this.#policy ??= policyText(policy, newPolicySalt()));
    let other = await declarePolicy(connection, id, own);
    if (other !== undefined && policySalt(other) !== policySalt(own)) {
      this.#policy = own = policyText(policy, policySalt(other));
      other = await declarePolicy(connection, id, own);
    }
    if (other === undefined) return;
    await connection.query('UPDATE instance SET ended_at = clock_timestamp() WHERE id = $1', [id]);
    throw policyConflict(own, other);
  }

  async #keep(first: { connection: Connection; instance: LedgerInstance }): Promise<void> {
    const { signal } = this.#stopped;
    let held: typeof first | undefined = first;
    while (held !== undefined) {
      const reason = await this.#renewUntilLost(held.connection, held.instance);
      held.instance.end();
      if (signal.aborted) {
        await this.#endRow(held.connection, held.instance.id);
        return;
      }
      this.#options.onChange('lost', held.instance.id, reason);
      await held.connection.end().catch(() => undefined);
      held = await this.#openAgain();
    }
  }

  async #renewUntilLost(connection: Connection, instance: LedgerInstance): Promise<string> {
    const { leaseMs, renewEveryMs, clock } = this.#options;
    const dropped = new AbortController();
    this.#interrupt = dropped;
    connection.once('end', () => dropped.abort('the connection dropped'));
    connection.once('error', () => dropped.abort('the connection dropped'));
    const interrupted = AbortSignal.any([dropped.signal, this.#stopped.signal]);
    for (;;) {
      await sleep(renewEveryMs, undefined, { signal: interrupted }).catch(() => undefined);
      if (this.#stopped.signal.aborted) return 'closed';
      if (dropped.signal.aborted) return String(dropped.signal.reason);
      const sentAtMs = clock.monotonicMs();
      try {
        const renewed = await connection.query(
          `UPDATE instance SET lease_until = clock_timestamp() + $2 * interval '1 ms'
            WHERE id = $1 AND ended_at IS NULL AND lease_until > clock_timestamp()`,
          [instance.id, leaseMs],
        );
        if (renewed.rowCount !== 1) return 'another instance declared it dead';
      } catch (error) {
        return errorMessage(error);
      }
      // An instance that gave up its work because it looked dead must not come back to life (L2).
      if (!instance.isLive()) return 'the renewal came too late';
      instance.extend(sentAtMs + leaseMs);
    }
  }

  async #openAgain(): Promise<{ connection: Connection; instance: LedgerInstance } | undefined> {
    while (!this.#stopped.signal.aborted) {
      try {
        return await this.#open();
      } catch (error) {
        const isRefused = error instanceof PolicyConflictError;
        if (isRefused) this.#options.onChange('refused', '', error.message);
        const pauseMs = isRefused ? refusedPauseMs : 250;
        await sleep(pauseMs, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  async #endRow(connection: Connection, id: string): Promise<void> {
    try {
      await connection.query('UPDATE instance SET ended_at = clock_timestamp() WHERE id = $1', [id]);
    } catch {
      // The lease runs out by itself.
    }
    await connection.end().catch(() => undefined);
  }
}

/** Returns the different policy of the running executors, if there is one. */
async function declarePolicy(
  connection: Connection,
  id: string,
  policy: string,
): Promise<string | undefined> {
  const { rows } = await connection.query<{ other: string | null }>(
    'SELECT declare_policy($1, $2) AS other',
    [id, policy],
  );
  return rows[0]?.other ?? undefined;
}
