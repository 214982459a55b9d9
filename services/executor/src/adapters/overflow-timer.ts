import { Repeater } from '@action-mesh/platform';

import type { WakeCalls } from '../application/wake-calls.js';

export interface OverflowTimerOptions {
  readonly wakeCalls: Pick<WakeCalls, 'overflow'>;
  readonly onError: (error: unknown) => void;
}

/** A round that woke at least this many calls is followed by the next one at once. */
const manyCalls = 100;

/** The pause after a round that woke fewer: about the time until there are free slots again. */
const busyPauseMs = 20;

/** The pause after a round that woke none. */
const quietMs = 100;

/** Wakes calls that wait for their tenant's turn, in a loop of its own, apart from calls with a due time. */
export function overflowTimer({ wakeCalls, onError }: OverflowTimerOptions): Repeater<number> {
  return new Repeater({
    run: () => wakeCalls.overflow(),
    everyMs: quietMs,
    firstAfterMs: 0,
    pauseMs: (woken) => (woken >= manyCalls ? 0 : woken > 0 ? busyPauseMs : quietMs),
    onError,
  });
}
