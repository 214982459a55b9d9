import { noMetrics, type Metrics, type Observed } from '@action-mesh/telemetry/port';

import type { LedgerCounts } from '../postgres/ledger-counts.js';
import { registerLedgerGauges } from './ledger-gauges.js';

const counts: LedgerCounts = {
  outboxAgeSeconds: 1,
  deadCalls: 2,
  needReview: { calls: 3, oldestSeconds: 30 },
  indeterminate: { calls: 4, oldestSeconds: 40 },
  waiting: [
    { reason: 'awaiting_auth', calls: 5, oldestSeconds: 50 },
    { reason: 'probe', calls: 4, oldestSeconds: 6 },
  ],
  overdueSeconds: 7,
};

async function scraped(shown: LedgerCounts): Promise<Record<string, readonly Observed[]>> {
  const readings: [string, ReturnType<Parameters<Metrics['gauge']>[1]>][] = [];
  registerLedgerGauges(
    { ...noMetrics, gauge: ({ name }, read) => void readings.push([name, read()]) },
    { read: () => Promise.resolve(shown) },
  );
  const entries = readings.map(async ([name, reading]) => [name, [...(await reading)]] as const);
  return Object.fromEntries(await Promise.all(entries));
}

it('counts calls that wait for people, by reason, with the age of the oldest', async () => {
  const shown = await scraped(counts);
  expect(shown['mesh_calls_for_people']).toEqual([
    { value: 3, labels: { reason: 'needs_review' } },
    { value: 5, labels: { reason: 'awaiting_auth' } },
    { value: 0, labels: { reason: 'awaiting_approval' } },
  ]);
  expect(shown['mesh_calls_for_people_oldest_seconds']).toEqual([
    { value: 30, labels: { reason: 'needs_review' } },
    { value: 50, labels: { reason: 'awaiting_auth' } },
    { value: 0, labels: { reason: 'awaiting_approval' } },
  ]);
});

it('counts calls of unknown effect by state, with the age of the oldest', async () => {
  const shown = await scraped(counts);
  expect(shown['mesh_calls_unsure']).toEqual([
    { value: 4, labels: { state: 'INDETERMINATE' } },
    { value: 3, labels: { state: 'NEEDS_REVIEW' } },
  ]);
  expect(shown['mesh_calls_unsure_oldest_seconds']).toEqual([
    { value: 40, labels: { state: 'INDETERMINATE' } },
    { value: 30, labels: { state: 'NEEDS_REVIEW' } },
  ]);
});

it('shows the other counts of the ledger', async () => {
  const shown = await scraped(counts);
  expect(shown['mesh_outbox_age_seconds']).toEqual([{ value: 1 }]);
  expect(shown['mesh_dlq_depth']).toEqual([{ value: 2 }]);
  expect(shown['mesh_calls_overdue_seconds']).toEqual([{ value: 7 }]);
  expect(shown['mesh_calls_waiting']).toContainEqual({ value: 5, labels: { reason: 'awaiting_auth' } });
  expect(shown['mesh_calls_waiting_oldest_seconds']).toContainEqual({
    value: 6,
    labels: { reason: 'probe' },
  });
});
