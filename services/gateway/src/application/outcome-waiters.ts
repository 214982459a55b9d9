import type { OutcomeOfCall, OutcomeStatus } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { systemClock, type Clock } from '@action-mesh/kernel';

/** An outcome that somebody waits for. */
export interface SettledOutcome {
  /** The outcome as JSON, byte for byte as it was published where it came from the log. */
  readonly json: Uint8Array;
  readonly status: OutcomeStatus;
  /** The code of its error, where it has one. */
  readonly errorCode: string | undefined;
  /** The call that has the idempotency key which this one came with. */
  readonly conflictsWith?: string;
  /** When the call goes on by itself, milliseconds since the Unix epoch; absent where the outcome ends it or needs somebody. */
  readonly resumesAtMs?: number;
}

/** The party of a call: tenant, user and tool, as its submitter knows them and as its outcome names them. */
export type CallParty = Pick<AcceptedCall, 'call_id' | 'tenant_id' | 'user_id'> & {
  readonly tool: Pick<OutcomeOfCall['tool'], 'slug'>;
};

export interface OutcomeWaiter {
  /** False: no wait began, and `settled` is over already. */
  readonly isWaiting: boolean;
  /** The outcome, or `undefined` when the time is up, the caller has gone, or the gateway stops. */
  readonly settled: Promise<SettledOutcome | undefined>;
  /** Nobody waits any more. */
  readonly cancel: () => void;
}

interface Waiting {
  readonly call: CallParty;
  readonly resolve: (outcome: SettledOutcome | undefined) => void;
  readonly timer: NodeJS.Timeout;
  /** When it gives up, monotonic. */
  readonly endsAtMs: number;
}

/**
 * The callers that wait for outcomes in this process.
 *
 * - W1: at most `maxWaiters` wait. The next caller does not wait, which is no error: the call goes on without a waiter.
 * - W2: every waiter settles once, and leaves nothing behind: no entry, no timer.
 * - W3: a waiter that opens before the call is published misses no outcome.
 * - W4: an outcome that is not the last ends only the waits that end before the call goes on.
 * - W5: an outcome reaches only the callers with the same tenant, user and tool. A call id proves little, since its
 *   submitter chooses it.
 */
export class OutcomeWaiters {
  readonly #waiting = new Map<string, Set<Waiting>>();
  readonly #maxWaiters: number;
  #count = 0;
  #draining = false;
  #onEmpty: (() => void) | undefined;

  readonly #clock: Clock;

  constructor(maxWaiters = 20_000, clock: Clock = systemClock) {
    this.#maxWaiters = maxWaiters;
    this.#clock = clock;
  }

  get size(): number {
    return this.#count;
  }

  /** Waits up to `waitMs` milliseconds from now. */
  open(call: CallParty, waitMs: number): OutcomeWaiter {
    if (waitMs <= 0 || this.#draining || this.#count >= this.#maxWaiters) return overAlready;
    const callId = call.call_id;
    let cancel: () => void = () => undefined;
    const settled = new Promise<SettledOutcome | undefined>((resolve) => {
      const timer = setTimeout(() => this.#settle(callId, waiting, undefined), waitMs);
      const waiting: Waiting = { call, resolve, timer, endsAtMs: this.#clock.monotonicMs() + waitMs };
      cancel = () => this.#settle(callId, waiting, undefined);
      const others = this.#waiting.get(callId);
      if (others === undefined) this.#waiting.set(callId, new Set([waiting]));
      else others.add(waiting);
      this.#count += 1;
    });
    return { isWaiting: true, settled, cancel };
  }

  isAwaited(callId: string): boolean {
    return this.#waiting.has(callId);
  }

  /**
   * Gives the outcome to every waiter of the call. An outcome that is not the last goes only to waiters that end before
   * the next one (W4). False: callers wait for this call id, and none of them is of the same party (W5).
   */
  settle(call: CallParty, outcome: SettledOutcome): boolean {
    const { resumesAtMs } = outcome;
    const resumesInMs =
      resumesAtMs === undefined ? Number.POSITIVE_INFINITY : resumesAtMs - this.#clock.now();
    const all = [...(this.#waiting.get(call.call_id) ?? [])];
    const meant = all.filter((waiting) => isSameParty(waiting.call, call));
    for (const waiting of meant) {
      const leftMs = waiting.endsAtMs - this.#clock.monotonicMs();
      if (resumesInMs >= leftMs) this.#settle(call.call_id, waiting, outcome);
    }
    return all.length === 0 || meant.length > 0;
  }

  /** Lets nobody wait from now on. Resolves when the last has gone; after `drainMs` milliseconds the rest are sent away. */
  async drain(drainMs: number): Promise<void> {
    this.#draining = true;
    if (this.#count === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
      timer = setTimeout(() => this.#sendAllAway(), drainMs);
    });
    clearTimeout(timer);
  }

  #sendAllAway(): void {
    for (const [callId, all] of [...this.#waiting]) {
      for (const waiting of [...all]) this.#settle(callId, waiting, undefined);
    }
  }

  #settle(callId: string, waiting: Waiting, outcome: SettledOutcome | undefined): void {
    const all = this.#waiting.get(callId);
    if (all?.delete(waiting) !== true) return;
    if (all.size === 0) this.#waiting.delete(callId);
    this.#count -= 1;
    clearTimeout(waiting.timer);
    waiting.resolve(outcome);
    if (this.#count === 0) this.#onEmpty?.();
  }
}

const overAlready: OutcomeWaiter = {
  isWaiting: false,
  settled: Promise.resolve(undefined),
  cancel: () => undefined,
};

function isSameParty(left: CallParty, right: CallParty): boolean {
  return (
    left.tenant_id === right.tenant_id && left.user_id === right.user_id && left.tool.slug === right.tool.slug
  );
}
