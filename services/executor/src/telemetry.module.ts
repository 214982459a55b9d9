import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { Governor } from '@action-mesh/governor/port';
import type { Clock } from '@action-mesh/kernel';
import type { KafkaTransport } from '@action-mesh/messaging';
import { metricDefinition } from '@action-mesh/telemetry';
import type { Metrics, Spans } from '@action-mesh/telemetry/port';
import type { Pool } from 'pg';

import { CountLedger } from './adapters/postgres/ledger-counts.js';
import type { LedgerHealth } from './adapters/postgres/ledger-health.js';
import { CallMetrics } from './adapters/telemetry/call-metrics.js';
import { CallSpans } from './adapters/telemetry/call-spans.js';
import { registerLedgerGauges } from './adapters/telemetry/ledger-gauges.js';
import { observeAll, type LedgerObserver } from './adapters/telemetry/ledger-observer.js';
import { PermitWaits } from './adapters/telemetry/permit-waits.js';
import { ProviderTimes } from './adapters/telemetry/provider-times.js';
import type { PermitWatch } from './application/throttle.js';

export interface CallTelemetryOptions {
  readonly spans: Spans;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly effectOf: (call: AcceptedCall) => string | undefined;
}

/** What watches calls on their way. */
export interface CallTelemetry {
  readonly observer: LedgerObserver;
  readonly permits: PermitWatch;
  readonly times: ProviderTimes;
}

/** Composes what watches calls. Without a receiver of spans, only the metrics remain. */
export function composeCallTelemetry({
  spans,
  metrics,
  clock,
  effectOf,
}: CallTelemetryOptions): CallTelemetry {
  const times = new ProviderTimes();
  const counted = new CallMetrics({ metrics, clock, times, effectOf });
  return {
    times,
    permits: new PermitWaits(spans, metrics),
    observer: spans.isOn ? observeAll([counted, new CallSpans({ spans, effectOf })]) : counted,
  };
}

export interface ExecutorGauges {
  /** One connection for the counts of the ledger, and for nothing else. */
  readonly countPool: Pool;
  readonly health: LedgerHealth;
  readonly governor: Governor;
  readonly server: KafkaTransport;
}

/** Registers what a scrape reads from the executor: its ledger, its limits and its lanes. */
export function registerGauges(
  metrics: Metrics,
  { countPool, health, governor, server }: ExecutorGauges,
): void {
  registerLedgerGauges(metrics, new CountLedger(countPool));
  metrics.gauge(metricDefinition.ledgerAccepts, () => [{ value: health.refusal === undefined ? 1 : 0 }]);
  metrics.gauge(metricDefinition.limitMode, () => [{ value: governor.status().mode === 'local' ? 1 : 0 }]);
  metrics.gauge(metricDefinition.breakers, () => {
    const { breakers } = governor.status();
    return (['open', 'half_open'] as const).map((state) => ({
      value: breakers.filter((breaker) => breaker.state === state).length,
      labels: { state },
    }));
  });
  const lanes = (): KafkaTransport['state']['lanes'] => server.state.lanes;
  metrics.gauge(metricDefinition.lag, () =>
    lanes().map(({ topic, lag }) => ({ value: lag, labels: { topic } })),
  );
  metrics.gauge(metricDefinition.laneJoined, () =>
    lanes().map(({ topic, condition }) => ({ value: condition === 'joined' ? 1 : 0, labels: { topic } })),
  );
}
