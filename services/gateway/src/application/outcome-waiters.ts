import type { OutcomeOfCall, OutcomeStatus } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { systemClock, type Clock } from '@action-mesh/kernel';

/** An outcome with a waiting caller. */
export interface SettledOutcome {
  /** The outcome as JSON. An outcome from the log keeps its published bytes. */
  readonly json: Uint8Array;
  readonly status: OutcomeStatus;
  /** The code of the outcome's error, if it has one. */
  readonly errorCode: string | undefined;
  /** The call that holds the idempotency key of this call. */
  readonly conflictsWith?: string;
  /**
   * The time when the call continues by itself, milliseconds since the Unix epoch. Absent when the call has ended or
   * needs a person.
   */
  readonly resumesAtMs?: number;
}

/** The tenant, user and tool of a call, as its submitter knows them and as its outcome names them. */
export type CallParty = Pick<AcceptedCall, 'call_id' | 'tenant_id' | 'user_id'> & {
  readonly tool: Pick<OutcomeOfCall['tool'], 'slug'>;
};

export interface OutcomeWaiter {
  /** False when no wait began; `settled` has then resolved already. */
  readonly isWaiting: boolean;
  /** The outcome. `undefined` when the time is up, the caller has gone, or the gateway stops. */
  readonly settled: Promise<SettledOutcome | undefined>;
  /** Ends the wait without an outcome. */
  readonly cancel: () => void;
}

interface Waiting {
  readonly call: CallParty;
  readonly resolve: (outcome: SettledOutcome | undefined) => void;
  readonly timer: NodeJS.Timeout;
  /** The end of the wait, monotonic. */
  readonly endsAtMs: number;
}

/**
 * The callers that wait for outcomes in this process.
 *
 * - W1: at most `maxWaiters` wait. Further callers get no waiter and no error; their calls continue.
 * - W2: every waiter settles once, and leaves nothing behind: no entry, no timer.
 * - W3: a waiter that opens before the call is published misses no outcome.
 * - W4: an outcome that is not the last ends only the waits that end before the call continues.
 * - W5: an outcome reaches only the callers with the same tenant, user and tool. A call id proves little, since its
 *   submitter chooses it. Two tenants may use the same id for two calls.
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
   * the next one (W4). False: callers of this tenant wait for this call id, and none of them is of the same party (W5).
   */
  settle(call: CallParty, outcome: SettledOutcome): boolean {
    const { resumesAtMs } = outcome;
    const resumesInMs =
      resumesAtMs === undefined ? Number.POSITIVE_INFINITY : resumesAtMs - this.#clock.now();
    const all = [...(this.#waiting.get(call.call_id) ?? [])].filter(
      (waiting) => waiting.call.tenant_id === call.tenant_id,
    );
    const meant = all.filter((waiting) => isSameParty(waiting.call, call));
    for (const waiting of meant) {
      const leftMs = waiting.endsAtMs - this.#clock.monotonicMs();
      if (resumesInMs >= leftMs) this.#settle(call.call_id, waiting, outcome);
    }
    return all.length === 0 || meant.length > 0;
  }

  /**
   * Admits no more waiters. Resolves when the last waiter has settled. After `drainMs` milliseconds the rest settle
   * without an outcome.
   */
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
  return left.user_id === right.user_id && left.tool.slug === right.tool.slug;
}
