import {
  SpanKind as OtelKind,
  SpanStatusCode,
  type Attributes,
  type HrTime,
  type Link,
} from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

import { attributeName, conventions } from '../names.js';
import type { CallFacts, FinishedSpan, SpanKind } from '../spans/finished-span.js';

const kinds: Readonly<Record<SpanKind, OtelKind>> = {
  internal: OtelKind.INTERNAL,
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
};

const scope = { name: conventions.scope, version: conventions.version };
const ok = { code: SpanStatusCode.UNSET };

/** Adds what one backend wants to the attributes of a span. */
export type Decorate = (attributes: Record<string, unknown>, span: FinishedSpan, facts?: CallFacts) => void;

/** The span in the form of the OpenTelemetry serializers. */
export function readableSpan(
  span: FinishedSpan,
  facts: CallFacts | undefined,
  resource: Resource,
  decorate?: Decorate,
): ReadableSpan {
  const { trace, parentSpanId, error, links } = span;
  const { traceId } = trace;
  const attributes: Record<string, unknown> = { ...span.attributes };
  addFacts(attributes, facts);
  if (error !== undefined) attributes[attributeName.errorType] = error.type;
  decorate?.(attributes, span, facts);
  const spanContext = { traceId, spanId: trace.spanId, traceFlags: 1 };
  const startTime = hrTime(span.startMs);
  const endTime = hrTime(Math.max(span.startMs, span.endMs));
  return {
    name: span.name,
    kind: kinds[span.kind],
    spanContext: () => spanContext,
    ...(parentSpanId === undefined
      ? {}
      : { parentSpanContext: { traceId, spanId: parentSpanId, traceFlags: 1 } }),
    startTime,
    endTime,
    duration: [0, 0],
    status:
      error === undefined
        ? ok
        : { code: SpanStatusCode.ERROR, ...(error.message === undefined ? {} : { message: error.message }) },
    attributes: attributes as Attributes,
    links: links === undefined ? [] : links.map(link),
    events: [],
    ended: true,
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function addFacts(attributes: Record<string, unknown>, facts: CallFacts | undefined): void {
  if (facts === undefined) return;
  const { tenantId, userId, sessionId, agentId, runId } = facts;
  attributes[attributeName.tenantId] = tenantId;
  if (userId !== undefined) attributes[attributeName.userId] = userId;
  if (sessionId !== undefined) {
    attributes[attributeName.sessionId] = sessionId;
    attributes[attributeName.conversationId] = sessionId;
  }
  if (agentId !== undefined) attributes[attributeName.agentId] = agentId;
  if (runId !== undefined) attributes[attributeName.runId] = runId;
}

function link({ trace: { traceId, spanId }, attributes }: NonNullable<FinishedSpan['links']>[number]): Link {
  return { context: { traceId, spanId, traceFlags: 1 }, attributes: (attributes ?? {}) as Attributes };
}

/** Seconds and nanoseconds. A double keeps microseconds of today's time. */
function hrTime(timeMs: number): HrTime {
  const seconds = Math.trunc(timeMs / 1_000);
  return [seconds, Math.round((timeMs - seconds * 1_000) * 1_000) * 1_000];
}
