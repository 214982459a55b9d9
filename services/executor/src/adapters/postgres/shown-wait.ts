import { waitingSchema, type CallView, type WaitReason } from '@action-mesh/contracts/executor';

type ShownWait = NonNullable<CallView['waiting']>;

/** Waits that end by an event and not at a time. */
const timeless: ReadonlySet<WaitReason> = new Set(['switched_off', 'awaiting_auth', 'awaiting_approval']);

const detailSchema = waitingSchema.pick({ connect_url: true, missing_scopes: true, approval: true });

/** The columns of a wait. */
export interface WaitColumns {
  readonly reason: WaitReason;
  readonly dueAt: Date;
  readonly scope: string | null;
  readonly detail: string | null;
}

/** A wait as people see it. A held call, and one that waits for a connection or an approval, waits for no time. */
export function shownWait({ reason, dueAt, scope, detail }: WaitColumns): ShownWait {
  return {
    reason,
    ...(timeless.has(reason) ? {} : { until: dueAt.toISOString() }),
    ...(scope === null ? {} : { scope }),
    ...(detail === null ? {} : detailSchema.parse(JSON.parse(detail))),
  };
}
