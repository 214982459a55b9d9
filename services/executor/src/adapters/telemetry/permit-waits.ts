import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { childSpan, type TraceContext } from '@action-mesh/kernel';
import { metricDefinition } from '@action-mesh/telemetry';
import { attributeName, spanName, spanTimeMs, type Metrics, type Spans } from '@action-mesh/telemetry/port';

import type { PermitWatch } from '../../application/throttle.js';
import { callFactsOf } from './call-attributes.js';

/** Measures waits for permits in memory. A request that gets its permit at once has none. */
export class PermitWaits implements PermitWatch {
  readonly #spans: Spans;
  readonly #waits: { record(seconds: number): void };

  constructor(spans: Spans, metrics: Metrics) {
    this.#spans = spans;
    this.#waits = metrics.histogram(metricDefinition.permitWaits);
  }

  waited(call: AcceptedCall, trace: TraceContext, ms: number, isAllowed: boolean): void {
    this.#waits.record(ms / 1_000);
    if (!this.#spans.isOn) return;
    const endMs = spanTimeMs();
    this.#spans.record({
      name: spanName.permitWait,
      kind: 'internal',
      trace: childSpan(trace),
      parentSpanId: trace.spanId,
      startMs: endMs - ms,
      endMs,
      facts: callFactsOf(call),
      attributes: {
        [attributeName.callId]: call.call_id,
        [attributeName.verdict]: isAllowed ? 'allowed' : 'parked',
      },
    });
  }
}
