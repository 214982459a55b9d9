import type { Clock } from '@action-mesh/kernel';

/** Retries per success. A provider that is down gets at most this much additional load. */
const share = 0.2;
/** Retries that a provider may always have. A few calls a minute make no storm. */
const reserve = 10;
const windowMs = 10_000;

interface Account {
  successes: number;
  retries: number;
  windowStartMs: number;
}

/**
 * Limits the retries that this process sends to a provider to a share of its recent successes. A retry beyond the limit
 * is not given up: it waits longer.
 *
 * - RB1: in a window of ten seconds, retries ≤ reserve + share × successes of this window and the one before.
 */
export class RetryBudget {
  readonly #accounts = new Map<string, { now: Account; before: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  succeeded(provider: string): void {
    this.#account(provider).now.successes += 1;
  }

  /** Takes one retry. False when none is left for now. */
  take(provider: string): boolean {
    const { now, before } = this.#account(provider);
    if (now.retries >= reserve + share * (now.successes + before)) return false;
    now.retries += 1;
    return true;
  }

  #account(provider: string): { now: Account; before: number } {
    const nowMs = this.#clock.monotonicMs();
    let account = this.#accounts.get(provider);
    const ageMs = account === undefined ? Infinity : nowMs - account.now.windowStartMs;
    if (account === undefined || ageMs >= windowMs) {
      // Successes of a window that ended longer ago than one window are no longer recent.
      const before = account === undefined || ageMs >= 2 * windowMs ? 0 : account.now.successes;
      account = { now: { successes: 0, retries: 0, windowStartMs: nowMs }, before };
      this.#accounts.set(provider, account);
    }
    return account;
  }
}
