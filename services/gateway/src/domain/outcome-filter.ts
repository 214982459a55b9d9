import type { OutcomeStatus } from '@action-mesh/contracts/executor';

/** The properties of an outcome that decide on its readers. */
export interface OutcomeHead {
  readonly callId: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly runId?: string | undefined;
  readonly tool: string;
  readonly version?: string | undefined;
  readonly status: string;
}

/** The outcomes that a reader wants. An absent condition does not matter. */
export interface OutcomeFilter {
  readonly userId?: string | undefined;
  readonly runId?: string | undefined;
  readonly callIds?: ReadonlySet<string> | undefined;
  readonly tool?: string | undefined;
  readonly statuses?: ReadonlySet<OutcomeStatus> | undefined;
}

/** Whether a reader wants the outcome. */
export function isWanted(head: OutcomeHead, filter: OutcomeFilter): boolean {
  return (
    (filter.userId === undefined || filter.userId === head.userId) &&
    (filter.runId === undefined || filter.runId === head.runId) &&
    (filter.tool === undefined || filter.tool === head.tool) &&
    filter.callIds?.has(head.callId) !== false &&
    filter.statuses?.has(head.status as OutcomeStatus) !== false
  );
}
