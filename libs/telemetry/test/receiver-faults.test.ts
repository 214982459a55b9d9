import { OtlpReceiver, waitFor, type ReceiverMode } from '@action-mesh/testing';

import { aSpan, metricIn, opened } from './telemetry-stage.js';

let receiver: OtlpReceiver;

beforeEach(async () => {
  receiver = await OtlpReceiver.open();
});

afterEach(async () => {
  await receiver.close();
});

describe('an exporter of spans', () => {
  it('sends every span once, with its place, times, links and error', async () => {
    const { telemetry } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const linked = aSpan();
    const span = aSpan({
      parentSpanId: '00f067aa0ba902b7',
      links: [{ trace: linked.trace, attributes: { 'mesh.link': 'retry' } }],
      error: { type: 'provider_failed', message: 'it answered 503' },
      facts: { tenantId: 't', userId: 'u', sessionId: 's', agentId: 'a', runId: 'r' },
    });
    telemetry.spans.record(span);
    await telemetry.close();
    expect(receiver.spans).toMatchObject([
      {
        name: span.name,
        traceId: span.trace.traceId,
        spanId: span.trace.spanId,
        parentSpanId: '00f067aa0ba902b7',
        status: 2,
        links: [
          {
            traceId: linked.trace.traceId,
            spanId: linked.trace.spanId,
            attributes: { 'mesh.link': 'retry' },
          },
        ],
        attributes: {
          'error.type': 'provider_failed',
          'mesh.tenant.id': 't',
          'user.id': 'u',
          'session.id': 's',
          'gen_ai.conversation.id': 's',
          'gen_ai.agent.id': 'a',
        },
        resource: { 'service.name': 'action-mesh-executor', 'deployment.environment.name': 'live' },
      },
    ]);
    expect((receiver.spans[0]?.endMs ?? 0) - (receiver.spans[0]?.startMs ?? 0)).toBeCloseTo(5, 1);
  });

  it.each<[string, ReceiverMode | 'closed']>([
    ['hangs', 'hang'],
    ['breaks connections', 'break'],
    ['answers 500', 500],
    ['answers 503', 503],
    ['is a closed port', 'closed'],
  ])('takes spans at once, bounded, and counts the others when the receiver %s', async (_case, mode) => {
    const url = receiver.url;
    if (mode === 'closed') await receiver.close();
    else receiver.mode = mode;
    const { telemetry } = opened(
      { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_TIMEOUT: '300' },
      500,
    );
    const startedAtMs = performance.now();
    for (let index = 0; index < 5_000; index += 1) telemetry.spans.record(aSpan());
    expect(performance.now() - startedAtMs).toBeLessThan(500);
    const text = await telemetry.render();
    expect(metricIn(text, 'mesh_spans_dropped')).toBeGreaterThanOrEqual(4_000);
    expect(metricIn(text, 'mesh_spans_queued')).toBeLessThanOrEqual(500);
    const closingAtMs = performance.now();
    await telemetry.close();
    expect(performance.now() - closingAtMs).toBeLessThan(3_000);
    expect(receiver.spans).toHaveLength(0);
  });

  it('gives a batch up at once when the receiver refuses it, tells the reason, and goes on', async () => {
    receiver.mode = 400;
    const { telemetry, lost } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    telemetry.spans.record(aSpan());
    await waitFor(() => lost.length > 0, { timeoutMs: 5_000, what: 'the lost batch' });
    expect(lost).toEqual([{ target: 'otlp', reason: 'status 400', spans: 1 }]);
    receiver.mode = 'take';
    telemetry.spans.record(aSpan());
    await telemetry.close();
    expect(receiver.spans).toHaveLength(1);
  });

  it('sends a batch again after an answer that allows it', async () => {
    receiver.mode = 503;
    const { telemetry, lost } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    telemetry.spans.record(aSpan());
    await waitFor(() => receiver.received > 0, { timeoutMs: 5_000, what: 'the first attempt' });
    receiver.mode = 'take';
    await waitFor(() => receiver.spans.length > 0, { timeoutMs: 5_000, what: 'the second attempt' });
    expect(lost).toEqual([]);
    await telemetry.close();
  });

  it('does not follow a redirect, which would carry its credential away', async () => {
    receiver.mode = 307;
    const { telemetry, lost } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    telemetry.spans.record(aSpan());
    await waitFor(() => lost.length > 0, { timeoutMs: 5_000, what: 'the lost batch' });
    expect(receiver.received).toBe(1);
    await telemetry.close();
  });

  it('of one receiver is not disturbed by another one', async () => {
    const hanging = await OtlpReceiver.open();
    hanging.mode = 'hang';
    const { telemetry } = opened({
      OTEL_EXPORTER_OTLP_ENDPOINT: hanging.url,
      TELEMETRY_TARGETS: 'langsmith',
      LANGSMITH_API_KEY: 'k',
      LANGSMITH_ENDPOINT: receiver.url,
    });
    telemetry.spans.record(aSpan());
    await waitFor(() => receiver.spans.length > 0, { timeoutMs: 5_000, what: 'the span' });
    await telemetry.close();
    await hanging.close();
  });
});

it('is off without a receiver: nothing is built', () => {
  const { telemetry } = opened({});
  expect(telemetry.spans.isOn).toBe(false);
  expect(
    opened({ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }).telemetry.spans.isOn,
  ).toBe(false);
});
