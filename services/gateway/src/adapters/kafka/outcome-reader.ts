import { CallOutcome, refusalSource } from '@action-mesh/contracts/executor';
import { childSpan, eventType, parseTraceparent, type TraceContext } from '@action-mesh/kernel';
import { CloudEventHeader, type IncomingRecord } from '@action-mesh/messaging';
import { attributeName, noSpans, spanName, spanTimeMs, type Spans } from '@action-mesh/telemetry/port';

import type { OutcomeWaiters } from '../../application/outcome-waiters.js';
import { readOutcome, settledOutcome } from '../../application/settled-outcome.js';
import type { TenantBacklog } from '../../application/tenant-backlog.js';

/** Receives outcomes of this gateway's calls that reached no waiter. */
export interface OutcomeReport {
  readonly unreadable: (callId: string, trace: TraceContext | undefined) => void;
  /** The outcome names another user or tool than the call. `count`: such outcomes since the start. */
  readonly stranger: (callId: string, count: number, trace: TraceContext | undefined) => void;
}

/**
 * Hands outcomes to the callers that wait for them. Every gateway reads every outcome, and most have no waiter here:
 * for those it reads only the key. An outcome with another user or tool than the local call reaches no caller. An outcome
 * of another tenant belongs to another call with the same id. The reader returns whether the outcome is taken.
 */
export function outcomeReader(
  waiters: OutcomeWaiters,
  backlog: Pick<TenantBacklog, 'holds' | 'settled'>,
  report: OutcomeReport,
  spans: Spans = noSpans,
): (record: IncomingRecord) => boolean {
  let strangers = 0;
  return (record) => {
    const { key, value, headers } = record;
    const callId = key?.toString('latin1') ?? '';
    if (value === null || !(waiters.isAwaited(callId) || backlog.holds(callId))) return false;
    if (headers[CloudEventHeader.type] !== eventType(CallOutcome)) return false;
    // A publisher of records used the id of this gateway's call. The call itself continues.
    if (headers[CloudEventHeader.source] === refusalSource) return false;
    const outcome = readOutcome(value.toString('utf8'));
    if (outcome?.call_id !== callId) {
      report.unreadable(callId, traceIn(headers));
      return false;
    }
    const settled = settledOutcome(outcome, value);
    if (settled === undefined) return false;
    if (waiters.settle(outcome, settled)) {
      backlog.settled(outcome.tenant_id, callId);
      if (spans.isOn) recordOutcome(spans, record, outcome);
      return true;
    }
    report.stranger(callId, (strangers += 1), traceIn(headers));
    return false;
  };
}

/** The span that sent a record. */
function traceIn(headers: IncomingRecord['headers']): TraceContext | undefined {
  return parseTraceparent(headers[CloudEventHeader.traceparent], headers[CloudEventHeader.tracestate]);
}

/** The outcome reached its caller. Errors keep their trace also in the gateway, whose own spans are no errors. */
function recordOutcome(
  spans: Spans,
  { topic, partition, offset, headers }: IncomingRecord,
  { status, error, tenant_id: tenantId }: NonNullable<ReturnType<typeof readOutcome>>,
): void {
  const parent = traceIn(headers);
  if (parent === undefined) return;
  const endMs = spanTimeMs();
  spans.record({
    name: spanName.process(topic),
    kind: 'consumer',
    trace: childSpan(parent),
    parentSpanId: parent.spanId,
    startMs: endMs,
    endMs,
    tenantId,
    attributes: {
      [attributeName.messagingSystem]: 'kafka',
      [attributeName.messagingOperation]: 'process',
      [attributeName.messagingOperationType]: 'process',
      [attributeName.messagingDestination]: topic,
      [attributeName.callStatus]: status,
      ...(partition < 0
        ? {}
        : {
            [attributeName.messagingPartition]: String(partition),
            [attributeName.messagingOffset]: Number(offset),
          }),
    },
    ...(error === undefined ? {} : { keep: true }),
  });
}
