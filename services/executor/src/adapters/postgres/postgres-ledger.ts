import type { CallView } from '@action-mesh/contracts/executor';
import { NaturalBatcher, defined, type Clock } from '@action-mesh/kernel';
import { withTenant } from '@action-mesh/postgres';
import { spanTimeMs } from '@action-mesh/telemetry/port';
import type { Pool } from 'pg';

import type { Ledger, Move, NewCall, OwnedCall, Recorded } from '../../application/ledger.port.js';
import type { OutboxRecord } from '../../application/outbox-publisher.port.js';
import type { NamedCall, ParkedCalls, WakeBounds, WokenCall } from '../../application/parked-calls.port.js';
import { LedgerUnavailableError } from '../../domain/executor.errors.js';
import { providerKeyOf } from '../../domain/provider-key.js';
import { executorPoints } from '../../diagnostics.js';
import type { LedgerObserver } from '../telemetry/ledger-observer.js';
import { advanceCalls } from './advance-statement.js';
import { findCall } from './call-query.js';
import type { InstanceLease, LedgerInstance } from './instance-lease.js';
import type { LedgerHealth } from './ledger-health.js';
import { liveInstance } from './live-instance.js';
import type { OutboxWriter } from './outbox-writer.js';
import { movedCalls, ownedCalls, recordedCalls } from './point-calls.js';
import { recordCalls } from './record-statement.js';
import {
  isCollision,
  isUnavailable,
  mayHaveCommitted,
  persist,
  runBatch,
  settle,
  type Share,
} from './sql-batch.js';
import {
  dueLanes,
  overflowLanes,
  takeOverCalls,
  untilNextDueMs,
  wakeDueCalls,
  wakeNamedCalls,
} from './take-statements.js';

export interface PostgresLedgerOptions {
  /** Separate pools: a flood of new calls cannot keep running ones from ending. */
  readonly pools: { readonly record: Pool; readonly advance: Pool; readonly query: Pool };
  readonly lease: InstanceLease;
  readonly outbox: OutboxWriter;
  readonly clock: Clock;
  /** Milliseconds of the lease that must be left for an intent to be written. */
  readonly marginMs: number;
  /**
   * Called for each call that was parked outside the ladder, with the milliseconds of its delay. Without a delay the call
   * waits for its tenant's turn.
   */
  readonly onParked: (delayMs: number | undefined) => void;
  readonly health: Pick<LedgerHealth, 'accepted' | 'refused'>;
  /** Sees every commit. @default nobody does */
  readonly observer?: LedgerObserver;
}

/** Milliseconds that a provider's answer is held while PostgreSQL is unavailable. */
const patienceMs = 60_000;

/** Batches of orphaned calls that one sweep takes over. */
const takeOverLimit = 50;

/**
 * The ledger in PostgreSQL. Calls and moves are batched naturally: all that arrive during one commit share the next.
 * Outcomes are published right after their commit. The relay publishes the rest.
 *
 * A batch holds calls of many tenants, so its statement runs as the role of the service, with the tenant in every key.
 * Only `find` runs as the role of a tenant.
 */
export class PostgresLedger implements Ledger, ParkedCalls {
  readonly #options: PostgresLedgerOptions;
  readonly #records: NaturalBatcher<NewCall, Share<Recorded>>;
  /** A separate batcher: a call that runs now does not wait until thousands of calls of a flood are parked. */
  readonly #parks: NaturalBatcher<NewCall, Share<Recorded>>;
  readonly #moves: NaturalBatcher<Move, Share<boolean>>;

  constructor(options: PostgresLedgerOptions) {
    this.#options = options;
    const record = (entries: readonly NewCall[]): Promise<readonly Share<Recorded>[]> =>
      runBatch(entries, (part) => this.#recordOnce(part));
    this.#records = new NaturalBatcher({ maxItems: 100 }, record);
    this.#parks = new NaturalBatcher({ maxItems: 100 }, record);
    this.#moves = new NaturalBatcher({ maxItems: 100 }, (moves) => this.#advanceAll(moves));
  }

  async record(entry: NewCall): Promise<Recorded> {
    const batcher = entry.park === undefined ? this.#records : this.#parks;
    return settle(await batcher.add(entry));
  }

  async advance(move: Move): Promise<boolean> {
    return settle(await this.#moves.add(move));
  }

  release(owned: OwnedCall): void {
    const { outbox } = this.#options;
    outbox.leftovers.released(owned);
    outbox.sweepLater();
  }

  async takeOver(): Promise<readonly OwnedCall[]> {
    const instance = this.#instance();
    const startMs = spanTimeMs();
    const orphans = await this.#certain(() =>
      takeOverCalls(this.#options.pools.query, instance, takeOverLimit),
    );
    if (orphans.length > 0) executorPoints.after_take_over_commit.publish(() => ownedCalls(orphans));
    this.#claimed(orphans);
    this.#options.observer?.takenOver(orphans, startMs);
    return orphans;
  }

  async wakeDue(bounds: WakeBounds): Promise<readonly WokenCall[]> {
    const { pools, marginMs } = this.#options;
    const woken = await this.#wake((instance) =>
      wakeDueCalls(pools.query, instance, marginMs, dueLanes, bounds),
    );
    if (woken.length > 0)
      executorPoints.after_wake_commit.publish(() => ownedCalls(woken.map(({ owned }) => owned)));
    return woken;
  }

  async wakeOverflow(bounds: WakeBounds): Promise<readonly WokenCall[]> {
    const { pools, marginMs } = this.#options;
    return this.#wake((instance) => wakeDueCalls(pools.query, instance, marginMs, overflowLanes, bounds));
  }

  async wakeNamed(calls: readonly NamedCall[]): Promise<readonly WokenCall[]> {
    const { pools, marginMs } = this.#options;
    return this.#wake((instance) => wakeNamedCalls(pools.query, instance, marginMs, calls));
  }

  untilNextMs(): Promise<number | undefined> {
    return untilNextDueMs(this.#options.pools.query);
  }

  find(tenantId: string, callId: string): Promise<CallView | undefined> {
    return withTenant(this.#options.pools.query, tenantId, (client) => findCall(client, tenantId, callId));
  }

  /** Finishes the queued work. The pools and the outbox stay open, because the composer owns them. */
  async close(): Promise<void> {
    await Promise.all([this.#records.idle(), this.#parks.idle()]);
    await this.#moves.idle();
  }

  async #wake(
    statement: (instance: LedgerInstance) => Promise<readonly WokenCall[]>,
  ): Promise<readonly WokenCall[]> {
    const instance = this.#instance();
    const startMs = spanTimeMs();
    const woken = await this.#certain(() => statement(instance));
    this.#claimed(woken.map(({ owned }) => owned));
    this.#options.observer?.woken(woken, startMs);
    return woken;
  }

  #claimed(calls: readonly OwnedCall[]): void {
    for (const owned of calls) this.#options.outbox.leftovers.claimed(owned);
  }

  /**
   * Records a batch. A record may occur twice on its topic, side by side. The second is a redelivery and comes after
   * the first.
   */
  async #recordOnce(entries: readonly NewCall[]): Promise<Recorded[]> {
    const seen = new Set<string>();
    const isFirst = entries.map(({ call }) => seen.size < seen.add(call.call_id).size);
    if (seen.size === entries.length) return this.#record(entries);
    const first = await this.#record(entries.filter((_, index) => isFirst[index]));
    const again = await this.#recordOnce(entries.filter((_, index) => isFirst[index] === false));
    return isFirst.map((isOriginal) => {
      const next = isOriginal ? first.shift() : again.shift();
      if (next === undefined) throw new Error('the ledger did not answer for a call');
      return next;
    });
  }

  async #record(entries: readonly NewCall[]): Promise<Recorded[]> {
    const instance = this.#instance();
    const startMs = spanTimeMs();
    executorPoints.before_record_commit.publish(() => recordedCalls(entries));
    const rows = await this.#watched(() =>
      recordCalls(this.#options.pools.record, instance.id, this.#options.marginMs, entries),
    );
    this.#options.health.accepted();
    executorPoints.after_record_commit.publish(() => recordedCalls(entries));
    const receivedAtMs = this.#options.clock.now();
    const due: OutboxRecord[] = [];
    const recorded = entries.map((entry, index): Recorded => {
      const row = rows[index];
      if (row === undefined) throw new Error('the ledger did not answer for a call');
      if (row.due !== undefined) due.push(row.due);
      if (row.verdict === 'key_conflict')
        return { verdict: row.verdict, ...(row.keyHolder && { keyHolder: row.keyHolder }) };
      if (row.verdict !== 'fresh') return { verdict: row.verdict };
      if (entry.park !== undefined)
        this.#options.onParked(entry.park.reason === 'tenant_backlog' ? undefined : entry.park.delayMs);
      return { verdict: 'fresh', owned: this.#own(entry, row.claimId, instance, receivedAtMs) };
    });
    this.#options.outbox.publish(due);
    this.#options.observer?.recorded(
      entries,
      recorded.map(({ verdict }) => verdict),
      startMs,
    );
    return recorded;
  }

  #own(entry: NewCall, claimId: string | null, instance: LedgerInstance, receivedAtMs: number): OwnedCall {
    const running = claimId !== null && entry.start !== 'refused' && entry.start.state === 'DISPATCHING';
    if (running) this.#options.outbox.leftovers.claimed({ claimId, instance });
    const state = entry.start;
    if (state === 'refused') throw new Error('a refused submission is no call');
    return {
      call: entry.call,
      trace: entry.trace,
      state,
      tried: [],
      ...defined({
        origin: entry.origin,
        connectionId: entry.intent?.connectionId,
        policy: entry.policy,
      }),
      providerKey: entry.intent?.providerKey ?? providerKeyOf(entry.call),
      receivedAtMs,
      ageMs: 0,
      firstDispatchAgeMs: 0,
      instance,
      claimId: claimId ?? '',
    };
  }

  /**
   * Writes moves for as long as PostgreSQL may come back. A move without an answer may have ended its call, and only
   * this instance could know the outcome. The instance therefore ends, and the next one finds the call by its claim (I8).
   */
  async #advanceAll(moves: readonly Move[]): Promise<readonly Share<boolean>[]> {
    const abandon = (): void =>
      this.#options.lease.abandon('a move may have been committed without an answer');
    try {
      const shares = await persist(() => runBatch(moves, (part) => this.#advance(part)), patienceMs);
      if (shares.some((share) => !share.ok && mayHaveCommitted(causeOf(share.error)))) abandon();
      return shares;
    } catch (error) {
      abandon();
      throw error;
    }
  }

  async #advance(moves: readonly Move[]): Promise<readonly boolean[]> {
    // An instance that has ended may still report how its calls ended. The fence decides whether that counts.
    const { lease, pools, marginMs } = this.#options;
    const id = lease.current?.id ?? '0';
    executorPoints.before_advance_commit.publish(() => movedCalls(moves));
    const { moved, due } = await advanceCalls(pools.advance, { instanceId: id, marginMs }, moves);
    executorPoints.after_advance_commit.publish(() => movedCalls(moves));
    for (const { park } of moves) {
      if (park !== undefined && park.rung === undefined) this.#options.onParked(park.delayMs);
    }
    this.#options.outbox.publish(due);
    this.#options.observer?.moved(moves, moved);
    return moved;
  }

  /** Runs a statement that records calls, and notes whether the ledger takes them. */
  async #watched<R>(statement: () => Promise<R>): Promise<R> {
    const { health } = this.#options;
    try {
      return await this.#certain(statement);
    } catch (error) {
      if (isUnavailable(error) && !isCollision(error)) health.refused(error);
      throw error;
    }
  }

  /**
   * Runs a statement that gives calls to this instance. After a commit with an unknown result, this instance may own
   * calls that it does not know. It therefore ends, and the next one takes all of them over.
   */
  async #certain<R>(statement: () => Promise<R>): Promise<R> {
    try {
      return await statement();
    } catch (error) {
      if (mayHaveCommitted(error))
        this.#options.lease.abandon('a statement may have been committed without an answer');
      throw error;
    }
  }

  #instance(): LedgerInstance {
    return liveInstance(this.#options.lease, this.#options.health);
  }
}

/** The error of the statement. `runBatch` wraps it when the ledger is unavailable. */
function causeOf(error: unknown): unknown {
  return error instanceof LedgerUnavailableError ? error.cause : error;
}
