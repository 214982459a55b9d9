import { childSpan } from '@action-mesh/kernel';
import { OtlpReceiver } from '@action-mesh/testing';

import { aSpan, opened } from './telemetry-stage.js';

let receiver: OtlpReceiver;

beforeEach(async () => {
  receiver = await OtlpReceiver.open();
});

afterEach(async () => {
  await receiver.close();
});

const unsampled = () => ({ ...childSpan(), sampled: false });

describe('sampling', () => {
  it('decides about a new trace by its id, in the given share', async () => {
    const { telemetry } = opened({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    });
    const roots = Array.from({ length: 4_000 }, () => telemetry.spans.root());
    const share = roots.filter(({ sampled }) => sampled).length / roots.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
    await telemetry.close();
  });

  it('exports nothing of a trace that is not sampled', async () => {
    const { telemetry } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    telemetry.spans.record(aSpan({ trace: unsampled() }));
    await telemetry.close();
    expect(receiver.spans).toHaveLength(0);
  });

  it('exports the whole trace, earlier and later spans, when one of its spans is to be kept', async () => {
    const { telemetry } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const trace = unsampled();
    const other = unsampled();
    telemetry.spans.record(aSpan({ trace, name: 'before' }));
    telemetry.spans.record(aSpan({ trace: other, name: 'other' }));
    telemetry.spans.record(
      aSpan({ trace: childSpan(trace), name: 'failed', keep: true, error: { type: 'timeout' } }),
    );
    telemetry.spans.record(aSpan({ trace: childSpan(trace), name: 'after' }));
    await telemetry.close();
    expect(receiver.spans.map(({ name }) => name)).toEqual(['before', 'failed', 'after']);
  });

  it('exports earlier and later spans of a trace that code decides to keep', async () => {
    const { telemetry } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const trace = unsampled();
    telemetry.spans.record(aSpan({ trace, name: 'before' }));
    telemetry.spans.keep(trace.traceId);
    telemetry.spans.record(aSpan({ trace: childSpan(trace), name: 'after' }));
    await telemetry.close();
    expect(receiver.spans.map(({ name }) => name)).toEqual(['before', 'after']);
  });

  it('holds a bounded number of undecided spans', async () => {
    const { telemetry } = opened({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const first = unsampled();
    telemetry.spans.record(aSpan({ trace: first, name: 'long ago' }));
    for (let index = 0; index < 5_000; index += 1) telemetry.spans.record(aSpan({ trace: unsampled() }));
    telemetry.spans.record(aSpan({ trace: first, name: 'kept', keep: true }));
    await telemetry.close();
    expect(receiver.spans.map(({ name }) => name)).toEqual(['kept']);
  });
});
