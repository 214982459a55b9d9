/** The two times a process has. Injected wherever a decision depends on time, so that tests decide what time it is. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. May jump; only for stamps that people or other systems read. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary origin. The only time that deadlines and leases are measured in. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
};
