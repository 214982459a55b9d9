/** The two times of a process. Code that decides by time takes a `Clock`, so tests control the time. */
export interface Clock {
  /**
   * Wall clock in milliseconds since the Unix epoch. It may jump: use it only for stamps that people or other systems
   * read.
   */
  now(): number;
  /** Monotonic milliseconds from an arbitrary origin. Measure deadlines and leases only with this time. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
};
