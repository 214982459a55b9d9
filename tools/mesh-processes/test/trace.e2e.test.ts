import { randomBytes } from 'node:crypto';

import { newId } from '@action-mesh/kernel';
import { OtlpReceiver, waitFor, type ReceivedSpan } from '@action-mesh/testing';

import { ask, callOf, startMesh, type GatewayAnswer, type MeshHarness } from '../src/testing/mesh-harness.js';

let harness: MeshHarness;
let receiver: OtlpReceiver;

beforeAll(async () => {
  receiver = await OtlpReceiver.open();
  harness = await startMesh({ variables: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
}, 120_000);

beforeEach(async () => {
  await harness.oracle.reset();
});

afterAll(async () => {
  await harness.close();
  await receiver.close();
}, 60_000);

const post = (path: string, body: unknown, headers = {}): Promise<GatewayAnswer> =>
  ask(harness.mesh, 'POST', path, body, headers);

/** A caller's own span. Its trace is new. */
function caller(): { readonly traceId: string; readonly spanId: string; readonly traceparent: string } {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` };
}

/** The spans of a trace, once the named ones have arrived. */
async function spansOf(traceId: string, ...names: readonly string[]): Promise<readonly ReceivedSpan[]> {
  const found = (): readonly ReceivedSpan[] => receiver.spans.filter((span) => span.traceId === traceId);
  await waitFor(() => names.every((name) => found().some((span) => span.name.startsWith(name))), {
    timeoutMs: 20_000,
    intervalMs: 200,
    what: `the spans ${names.join(', ')}`,
  });
  return found();
}

/** Every span is below another one of the trace or below the caller's, no id occurs twice, and each has the tenant. */
function expectWhole(spans: readonly ReceivedSpan[], callerSpanId: string): void {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  expect(spans).toHaveLength(ids.size);
  const orphans = spans.filter(({ parentSpanId }) => parentSpanId !== callerSpanId && !ids.has(parentSpanId));
  expect(orphans.map(({ name }) => name)).toEqual([]);
  const strangers = spans.filter(({ attributes }) => attributes['mesh.tenant.id'] !== 'default');
  expect(strangers.map(({ name }) => name)).toEqual([]);
}

const named = (spans: readonly ReceivedSpan[], start: string): readonly ReceivedSpan[] =>
  spans.filter(({ name }) => name.startsWith(start));

describe('the trace of a call', () => {
  it('holds every step once below its cause, from the request to the outcome (I14)', async () => {
    const { traceId, spanId, traceparent } = caller();
    const call = {
      user_id: 'ada',
      agent: {
        id: 'tester',
        run_id: newId(),
        session_id: 's-1',
        step: 2,
        thought: 'Write it down. My key is sk_live_0123456789abcdef.',
        prompt: { id: 'writer@3' },
      },
      arguments: { text: 'a canary of arguments' },
    };
    const answer = await post('/v1/tools/write_opaque/execute', call, { traceparent });
    expect(answer.body).toMatchObject({ status: 'succeeded' });
    const spans = await spansOf(
      traceId,
      'POST /v1/tools',
      'send mesh.calls',
      'process mesh.calls',
      'execute_tool',
      'send mesh.outcomes',
      'process mesh.outcomes',
    );
    expectWhole(spans, spanId);
    const [tool, ...others] = named(spans, 'execute_tool');
    expect(others).toEqual([]);
    expect(tool).toMatchObject({
      name: 'execute_tool write_opaque',
      kind: 1,
      status: 0,
      attributes: {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'write_opaque',
        'gen_ai.tool.call.id': answer.body['call_id'],
        'gen_ai.agent.id': 'tester',
        'gen_ai.conversation.id': 's-1',
        'user.id': 'ada',
        'mesh.agent.step': 2,
        'mesh.agent.thought': 'Write it down. My key is [redacted].',
        'mesh.prompt.id': 'writer@3',
        'mesh.call.status': 'succeeded',
        'mesh.attempts': 1,
      },
    });
    const [http] = spans.filter(({ name, kind }) => name === 'POST' && kind === 3);
    expect(http).toMatchObject({
      parentSpanId: tool?.spanId,
      attributes: {
        'http.response.status_code': 200,
        'mesh.attempt': 1,
        'url.full': `${harness.oracle.url}/echo`,
      },
    });
    const [request] = await harness.oracle.requests({ path: '/echo' });
    expect(request?.traceparent).toBe(`00-${traceId}-${http?.spanId}-01`);
    const kinds = (start: string): number | undefined => named(spans, start)[0]?.kind;
    expect([kinds('POST /v1'), kinds('send mesh.calls'), kinds('process mesh.calls')]).toEqual([2, 4, 5]);
    for (const { body } of receiver.exports) expect(body.includes('canary of arguments')).toBe(false);
  }, 60_000);

  it('stays one through retries on the ladder, the dead letters and a redrive (I14)', async () => {
    const { traceId, spanId, traceparent } = caller();
    await harness.oracle.behave({
      match: { path: '/slack/' },
      mode: 'status',
      status: 503,
      headers: { 'retry-after': '1' },
    });
    const call = { ...callOf({ channel: '#x', text: 'thrice' }, newId()), user_id: 'grace' };
    const answer = await post('/v1/tools/post_message/execute', call, { traceparent, prefer: 'wait=30' });
    const callId = String(answer.body['call_id']);
    await waitFor(
      async () => (await ask(harness.mesh, 'GET', `/v1/calls/${callId}`)).body['state'] === 'DEAD',
      { timeoutMs: 40_000, what: 'the call to be dead' },
    );
    await spansOf(traceId, 'execute_tool', 'send mesh.calls.dlq', 'process mesh.calls.retry', 'resume');
    await harness.oracle.reset();
    await post('/v1/dead-letters/redrive', { redrive_id: newId(), call_ids: [callId] });
    const spans = await spansOf(traceId, 'redrive post_message');
    const whole = await spansOf(traceId, 'process mesh.calls', 'resume');
    expectWhole(whole, spanId);
    const [tool, ...others] = named(spans, 'execute_tool');
    expect(others).toEqual([]);
    expect(tool).toMatchObject({ status: 2, attributes: { 'mesh.call.status': 'dead' } });
    const [redrive] = named(spans, 'redrive');
    expect(redrive).toMatchObject({
      parentSpanId: tool?.spanId,
      attributes: { 'mesh.call.status': 'succeeded' },
    });
    const attempts = whole.filter(({ kind, name }) => kind === 3 && name === 'POST');
    const before = attempts.filter(({ parentSpanId }) => parentSpanId === tool?.spanId);
    expect(before.length).toBeGreaterThan(1);
    expect(before.every(({ status }) => status === 2)).toBe(true);
    expect(attempts.filter(({ parentSpanId }) => parentSpanId === redrive?.spanId)).toHaveLength(1);
    const waits = new Set(named(whole, 'wait ').map((span) => span.spanId));
    for (const { links } of named(whole, 'resume')) expect(waits.has(links[0]?.spanId ?? '')).toBe(true);
    expect(named(whole, 'wait redrive')).toHaveLength(1);
  }, 120_000);

  it('continues over Kafka for a publisher without our libraries, and for each call of a batch', async () => {
    const { traceId, spanId, traceparent } = caller();
    const calls = ['a', 'b', 'c'].map((text) => ({
      ...callOf({ text: `${text} ${newId()}` }, newId()),
      tool: { slug: 'write_opaque' },
    }));
    const answer = await post('/v1/calls', calls, { traceparent });
    expect(answer.status).toBe(202);
    await waitFor(
      () =>
        receiver.spans.filter((span) => span.traceId === traceId && span.name.startsWith('execute_tool'))
          .length === 3,
      {
        timeoutMs: 20_000,
        what: 'the three calls',
      },
    );
    expectWhole(await spansOf(traceId, 'POST /v1/calls', 'process mesh.calls', 'send mesh.outcomes'), spanId);
  }, 60_000);
});
