import { metricDefinition } from '@action-mesh/telemetry';
import type { Metrics, Observed } from '@action-mesh/telemetry/port';

import type { CountLedger, LedgerCounts, WaitingCount } from '../postgres/ledger-counts.js';

/** Waits that end when a person acts, by the reason of the wait. */
const personWaits = ['awaiting_auth', 'awaiting_approval'] as const;
const none: WaitingCount = { calls: 0, oldestSeconds: 0 };

/** Registers what a scrape reads from the ledger. All gauges of one scrape show one count. */
export function registerLedgerGauges(metrics: Metrics, ledger: Pick<CountLedger, 'read'>): void {
  const gauge = (name: LedgerMetric, of: (counts: LedgerCounts) => readonly Observed[]): void =>
    metrics.gauge(metricDefinition[name], async () => of(await ledger.read()));
  gauge('outboxAge', ({ outboxAgeSeconds }) => [{ value: outboxAgeSeconds }]);
  gauge('deadCalls', ({ deadCalls }) => [{ value: deadCalls }]);
  gauge('overdue', ({ overdueSeconds }) => [{ value: overdueSeconds }]);
  gauge('waitingCalls', ({ waiting }) =>
    waiting.map(({ reason, calls }) => ({ value: calls, labels: { reason } })),
  );
  gauge('waitingOldest', ({ waiting }) =>
    waiting.map(({ reason, oldestSeconds }) => ({ value: oldestSeconds, labels: { reason } })),
  );
  gauge('unsureCalls', (counts) =>
    unsure(counts).map(({ state, calls }) => ({ value: calls, labels: { state } })),
  );
  gauge('unsureOldest', (counts) =>
    unsure(counts).map(({ state, oldestSeconds }) => ({ value: oldestSeconds, labels: { state } })),
  );
  gauge('personCalls', (counts) =>
    forPeople(counts).map(({ reason, calls }) => ({ value: calls, labels: { reason } })),
  );
  gauge('personOldest', (counts) =>
    forPeople(counts).map(({ reason, oldestSeconds }) => ({ value: oldestSeconds, labels: { reason } })),
  );
}

type LedgerMetric =
  | 'outboxAge'
  | 'deadCalls'
  | 'overdue'
  | 'waitingCalls'
  | 'waitingOldest'
  | 'unsureCalls'
  | 'unsureOldest'
  | 'personCalls'
  | 'personOldest';

function unsure({ indeterminate, needReview }: LedgerCounts): readonly (WaitingCount & { state: string })[] {
  return [
    { state: 'INDETERMINATE', ...indeterminate },
    { state: 'NEEDS_REVIEW', ...needReview },
  ];
}

/** Every reason has a value at all times, so that an alert sees the first call. */
function forPeople({ waiting, needReview }: LedgerCounts): readonly (WaitingCount & { reason: string })[] {
  return [
    { reason: 'needs_review', ...needReview },
    ...personWaits.map((reason) => waiting.find((each) => each.reason === reason) ?? { reason, ...none }),
  ];
}
