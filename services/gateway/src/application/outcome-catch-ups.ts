import { sleepUnless } from './sleep-unless.js';
import type { LoggedOutcome, OutcomeLog } from './outcome-log.port.js';
import type { OutcomeSubscription } from './outcome-subscription.js';

/** The bounds of catching up. */
export interface CatchUpLimits {
  /** A reader that is at most this many records behind shares a replay with others. */
  readonly shortRecords: number;
  /** Replays at once for readers that are further behind. */
  readonly longReplays: number;
  /** The longest replay, milliseconds. Then its readers have to connect again, so that others get their turn. */
  readonly longestMs: number;
  /** The longest wait for a slow connection, milliseconds. */
  readonly slowMs: number;
}

/** `covered`: the condition is met. `replaced`: the log is another than the one of the reader's cursor. */
export type CatchUpResult = 'covered' | 'ended' | 'paused' | 'replaced' | 'too_slow';

interface Member {
  readonly subscription: OutcomeSubscription;
  readonly isCovered: () => boolean;
  readonly settle: (result: CatchUpResult) => void;
  /** The last record before the cursor, whose stamp the cursor knows. */
  anchor: { readonly partition: number; readonly offset: number; readonly atMs: number } | undefined;
}

/**
 * Brings readers forward from Kafka that are further behind than memory reaches.
 *
 * - CU1: at most one replay runs for readers that are a little behind, and `longReplays` for all others. The first
 *   brings all that wait forward at once; each other brings one.
 * - CU2: a replay ends after `longestMs`. A reader keeps its progress.
 * - CU3: of readers that are far behind, one of a tenant without a running replay comes first.
 */
export class OutcomeCatchUps {
  readonly #log: Pick<OutcomeLog, 'replay'>;
  readonly #limits: CatchUpLimits;
  #short: Member[] = [];
  readonly #long: Member[] = [];
  #isShortRunning = false;
  /** The tenants of the running replays that bring one reader each. */
  readonly #longRunning: string[] = [];

  constructor(log: Pick<OutcomeLog, 'replay'>, limits: CatchUpLimits) {
    this.#log = log;
    this.#limits = limits;
  }

  /** Delivers to the reader from its own position on, until the condition is met. `behind` counts the missed records. */
  run(subscription: OutcomeSubscription, behind: number, isCovered: () => boolean): Promise<CatchUpResult> {
    return new Promise((resolve) => {
      const { newest, atMs = 0 } = subscription.own ?? {};
      const anchor = newest === undefined ? undefined : { ...newest, atMs };
      const member: Member = { subscription, isCovered, settle: resolve, anchor };
      (behind <= this.#limits.shortRecords ? this.#short : this.#long).push(member);
      this.#startShort();
      this.#startLong();
    });
  }

  #startShort(): void {
    if (this.#isShortRunning || this.#short.length === 0) return;
    this.#isShortRunning = true;
    const members = this.#short;
    this.#short = [];
    void this.#replay(members).finally(() => {
      this.#isShortRunning = false;
      this.#startShort();
    });
  }

  #startLong(): void {
    if (this.#longRunning.length >= this.#limits.longReplays) return;
    const fair = this.#long.findIndex((member) => !this.#longRunning.includes(tenantOf(member)));
    const [next] = this.#long.splice(Math.max(fair, 0), 1);
    if (next === undefined) return;
    const tenantId = tenantOf(next);
    this.#longRunning.push(tenantId);
    void this.#replay([next]).finally(() => {
      this.#longRunning.splice(this.#longRunning.indexOf(tenantId), 1);
      this.#startLong();
    });
  }

  async #replay(all: readonly Member[]): Promise<void> {
    const members = new Set(all);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), this.#limits.longestMs);
    const leave = (member: Member, result: CatchUpResult): void => {
      members.delete(member);
      member.settle(result);
      if (members.size === 0) stop.abort();
    };
    const leaveIfDone = (member: Member): void => {
      if (member.subscription.isEnded) leave(member, 'ended');
      else if (member.anchor === undefined && member.isCovered()) leave(member, 'covered');
    };
    try {
      await this.#log.replay(
        startOf(all),
        {
          take: (outcomes) => {
            for (const member of members) {
              if (deliver(member, outcomes)) leaveIfDone(member);
              else leave(member, 'replaced');
            }
            const full = [...members].filter(({ subscription }) => subscription.sink.isFull);
            return full.length === 0 ? undefined : this.#waitFor(full, leave);
          },
          moved: (positions) => {
            for (const member of members) {
              const { anchor, subscription } = member;
              const { own } = subscription;
              // The log holds no record at this offset any more.
              if (anchor !== undefined && (positions.get(anchor.partition) ?? 0) > anchor.offset)
                member.anchor = undefined;
              for (const [partition, offset] of positions) own?.skipTo(partition, offset);
              leaveIfDone(member);
            }
          },
        },
        stop.signal,
      );
    } finally {
      clearTimeout(timer);
      for (const member of members) member.settle('paused');
    }
  }

  /** Waits until the connections have room. A connection that takes too long leaves. */
  async #waitFor(
    full: readonly Member[],
    leave: (member: Member, result: CatchUpResult) => void,
  ): Promise<void> {
    await Promise.all(
      full.map(async (member) => {
        const { sink } = member.subscription;
        if (!(await sleepUnless(sink.roomAgain(), this.#limits.slowMs))) leave(member, 'too_slow');
      }),
    );
  }
}

function tenantOf({ subscription }: Member): string {
  return subscription.caller.tenantId;
}

/** The lowest position of the members, with the last record before each cursor. */
function startOf(members: readonly Member[]): ReadonlyMap<number, number> {
  const start = new Map<number, number>();
  const include = (partition: number, offset: number): void =>
    void start.set(partition, Math.min(offset, start.get(partition) ?? offset));
  const partitions = new Set(
    members.flatMap(({ subscription }) => [...(subscription.own?.next.keys() ?? [])]),
  );
  for (const { subscription, anchor } of members) {
    for (const partition of partitions) include(partition, subscription.own?.offsetOf(partition) ?? 0);
    if (anchor !== undefined) include(anchor.partition, anchor.offset);
  }
  return start;
}

/** Gives the records to a member. False: its cursor belongs to another log. */
function deliver(member: Member, outcomes: readonly LoggedOutcome[]): boolean {
  for (const outcome of outcomes) {
    const { anchor } = member;
    if (anchor !== undefined && outcome.partition === anchor.partition && outcome.offset >= anchor.offset) {
      member.anchor = undefined;
      if (outcome.offset === anchor.offset && outcome.atMs !== anchor.atMs) return false;
    }
    member.subscription.offer(outcome);
    if (member.subscription.isEnded) return true;
  }
  return true;
}
