import { Repeater } from '@action-mesh/platform';

import type { RecoverCalls } from '../application/recover-calls.js';

export interface RecoveryTimerOptions {
  readonly recoverCalls: Pick<RecoverCalls, 'execute'>;
  readonly everyMs: number;
  readonly onRecovered: (count: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Takes over orphaned calls in a loop, without a pause while there are more. */
export function recoveryTimer(options: RecoveryTimerOptions): Repeater<number> {
  const { recoverCalls, everyMs, onRecovered, onError } = options;
  return new Repeater({
    run: async () => {
      const recovered = await recoverCalls.execute();
      if (recovered > 0) onRecovered(recovered);
      return recovered;
    },
    everyMs,
    firstAfterMs: 0,
    pauseMs: (recovered) => (recovered > 0 ? 0 : everyMs),
    onError,
  });
}
