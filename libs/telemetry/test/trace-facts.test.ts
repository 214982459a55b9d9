import { childSpan } from '@action-mesh/kernel';
import { OtlpReceiver, type ReceivedSpan } from '@action-mesh/testing';

import { aSpan, opened } from './telemetry-stage.js';

let receiver: OtlpReceiver;

beforeEach(async () => {
  receiver = await OtlpReceiver.open();
});

afterEach(async () => {
  await receiver.close();
});

const named = (name: string): ReceivedSpan['attributes'] =>
  receiver.spans.find((span) => span.name === name)?.attributes ?? {};

describe('the facts of a call', () => {
  it('reach no span of another tenant that sends the same trace id (TF1)', async () => {
    const { telemetry } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const { spans } = telemetry;
    const trace = childSpan();
    spans.describe(trace.traceId, { tenantId: 'acme', userId: 'ada', agentId: 'sales', runId: 'r-1' });
    spans.record(aSpan({ name: 'theirs', trace: childSpan(trace), tenantId: 'eve' }));
    spans.record(aSpan({ name: 'of nobody', trace: childSpan(trace) }));
    spans.record(aSpan({ name: 'own', trace: childSpan(trace), tenantId: 'acme' }));
    spans.describe(trace.traceId, { tenantId: 'eve', userId: 'mallory' });
    spans.record(aSpan({ name: 'own later', trace: childSpan(trace), tenantId: 'acme' }));
    spans.record(aSpan({ name: 'theirs later', trace: childSpan(trace), tenantId: 'eve' }));
    await telemetry.close();
    const own = {
      'mesh.tenant.id': 'acme',
      'user.id': 'ada',
      'gen_ai.agent.id': 'sales',
      'mesh.agent.run_id': 'r-1',
    };
    expect(named('own')).toMatchObject(own);
    expect(named('own later')).toMatchObject(own);
    for (const name of ['theirs', 'theirs later']) {
      expect(named(name)).toMatchObject({ 'mesh.tenant.id': 'eve', 'user.id': 'mallory' });
      expect(named(name)).not.toHaveProperty('gen_ai.agent.id');
    }
    for (const name of ['mesh.tenant.id', 'user.id']) expect(named('of nobody')).not.toHaveProperty([name]);
  });

  it('are only those that all calls of one tenant in the trace share', async () => {
    const { telemetry } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const trace = childSpan();
    telemetry.spans.describe(trace.traceId, { tenantId: 'acme', userId: 'ada', runId: 'r-1' });
    telemetry.spans.describe(trace.traceId, { tenantId: 'acme', userId: 'grace', runId: 'r-1' });
    telemetry.spans.record(aSpan({ name: 'batch', trace, tenantId: 'acme' }));
    await telemetry.close();
    expect(named('batch')).toMatchObject({ 'mesh.tenant.id': 'acme', 'mesh.agent.run_id': 'r-1' });
    expect(named('batch')).not.toHaveProperty(['user.id']);
  });
});

describe('the message of an error', () => {
  it('is exported with content alone, whichever code recorded the span', async () => {
    for (const content of ['false', 'true']) {
      const { telemetry } = opened({
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: content,
      });
      telemetry.spans.record(aSpan({ error: { type: 'provider_failed', message: `a quote, ${content}` } }));
      await telemetry.close();
    }
    const bodies = receiver.exports.map(({ body }) => body.toString('latin1'));
    expect(bodies.map((body) => body.includes('a quote'))).toEqual([false, true]);
    expect(receiver.spans.map(({ attributes }) => attributes['error.type'])).toEqual([
      'provider_failed',
      'provider_failed',
    ]);
  });
});
