import type { CallView, WaitReason } from '@action-mesh/contracts/executor';

/** A wait as people see it. A held call waits for no time. */
export function shownWait(
  reason: WaitReason,
  dueAt: Date,
  scope: string | null,
): NonNullable<CallView['waiting']> {
  return {
    reason,
    ...(reason === 'switched_off' ? {} : { until: dueAt.toISOString() }),
    ...(scope === null ? {} : { scope }),
  };
}
