import { Repeater } from '@action-mesh/platform';

import type { WakeCalls } from '../application/wake-calls.js';

export interface OverflowTimerOptions {
  readonly wakeCalls: Pick<WakeCalls, 'overflow'>;
  readonly onError: (error: unknown) => void;
}

/** A turn that woke at least so many calls is followed by the next one at once. */
const manyCalls = 100;

/** The pause where fewer were woken: about as long as it takes until there is room again. */
const busyPauseMs = 20;

/** The pause where none was woken. */
const quietMs = 100;

/** Wakes calls that wait for their tenant's turn, again and again, apart from those that have a time to meet. */
export function overflowTimer({ wakeCalls, onError }: OverflowTimerOptions): Repeater<number> {
  return new Repeater({
    run: () => wakeCalls.overflow(),
    everyMs: quietMs,
    firstAfterMs: 0,
    pauseMs: (woken) => (woken >= manyCalls ? 0 : woken > 0 ? busyPauseMs : quietMs),
    onError,
  });
}
