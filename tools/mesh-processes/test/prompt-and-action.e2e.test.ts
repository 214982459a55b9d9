import { newId } from '@action-mesh/kernel';
import { OtlpReceiver, waitFor, type ReceivedSpan } from '@action-mesh/testing';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { tool } from '@langchain/core/tools';
import { trace as otel, context, SpanKind } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import pg from 'pg';
import { z } from 'zod';

import { ask, startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';
import { dashboardMetrics } from './dashboard-metrics.js';

/** A model that calls one tool. */
class ScriptedModel extends BaseChatModel {
  override _llmType(): string {
    return 'scripted';
  }

  override _generate(): Promise<ChatResult> {
    const calls = [{ id: 'one', name: 'write_opaque', args: { text: newId() } }];
    const message = new AIMessage({ content: '', tool_calls: calls });
    return Promise.resolve({ generations: [{ text: '', message }] });
  }
}

const metricsKey = 'a-key-for-metrics-alone';
let harness: MeshHarness;
let receiver: OtlpReceiver;

beforeAll(async () => {
  receiver = await OtlpReceiver.open();
  harness = await startMesh({
    variables: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, METRICS_KEY: metricsKey },
  });
}, 120_000);

afterAll(async () => {
  await harness.close();
  await receiver.close();
}, 60_000);

/** Sends the spans of the agent's own process to the same receiver. */
async function exportOf(exporter: InMemorySpanExporter): Promise<void> {
  const body = ProtobufTraceSerializer.serializeRequest(exporter.getFinishedSpans());
  await fetch(`${receiver.url}/v1/traces`, { method: 'POST', body: Buffer.from(body ?? []) });
}

it('shows the prompt of a LangChain agent and the action of the mesh in one trace', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = provider.getTracer('agent');
  const write = tool(
    async ({ text }) => {
      const span = otel.getSpan(active);
      const { traceId = '', spanId = '' } = span?.spanContext() ?? {};
      const call = {
        user_id: 'ada',
        agent: {
          id: 'langchain',
          run_id: newId(),
          thought: 'The note belongs in the book.',
          prompt: { id: 'writer@1' },
        },
        arguments: { text },
      };
      const headers = { traceparent: `00-${traceId}-${spanId}-01` };
      return JSON.stringify(
        (await ask(harness.mesh, 'POST', '/v1/tools/write_opaque/execute', call, headers)).body,
      );
    },
    { name: 'write_opaque', description: 'Writes a note.', schema: z.object({ text: z.string() }) },
  );
  const model = new ScriptedModel({});
  const chat = tracer.startSpan('chat scripted', { kind: SpanKind.CLIENT });
  const active = otel.setSpan(context.active(), chat);
  const answer = await model.invoke('Write a note.');
  const [toolCall] = answer.tool_calls ?? [];
  if (toolCall === undefined) throw new Error('the scripted model called no tool');
  const result: unknown = await write.invoke({ ...toolCall, type: 'tool_call' });
  chat.end();
  await exportOf(exporter);
  expect(JSON.stringify(result)).toContain('succeeded');
  const { traceId, spanId } = chat.spanContext();
  const ofTrace = (): readonly ReceivedSpan[] => receiver.spans.filter((span) => span.traceId === traceId);
  // Each process sends its spans by itself.
  const expected = ['chat scripted', 'POST /v1/tools', 'execute_tool'];
  await waitFor(() => expected.every((start) => ofTrace().some(({ name }) => name.startsWith(start))), {
    timeoutMs: 20_000,
    intervalMs: 200,
    what: 'the spans of the call',
  });
  const find = (name: string): ReceivedSpan | undefined =>
    ofTrace().find((span) => span.name.startsWith(name));
  expect(find('chat scripted')).toMatchObject({ spanId });
  expect(find('POST /v1/tools')).toMatchObject({ parentSpanId: spanId });
  expect(find('execute_tool')?.attributes).toMatchObject({
    'mesh.prompt.id': 'writer@1',
    'mesh.agent.thought': 'The note belongs in the book.',
  });
}, 60_000);

describe('the metrics of a service', () => {
  const scrape = (name: 'gateway' | 'executor' | 'auth-broker', key?: string): Promise<Response> =>
    fetch(`${harness.mesh.urlOf(name)}/metrics`, {
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    });

  it.each(['gateway', 'executor', 'auth-broker'] as const)(
    'of the %s open for their key alone',
    async (name) => {
      for (const wrong of [undefined, 'wrong', harness.mesh.apiKey])
        expect((await scrape(name, wrong)).status).toBe(401);
      const answer = await scrape(name, metricsKey);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('mesh_process_cpu_seconds');
      const internal = await fetch(`${harness.mesh.urlOf('executor')}/internal/lateness`, {
        headers: { authorization: `Bearer ${metricsKey}` },
      });
      expect(internal.status).toBe(401);
    },
  );

  it('count the ledger on one connection, which does nothing else', async () => {
    await (await scrape('executor', metricsKey)).text();
    const client = new pg.Client(harness.databaseUrl);
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string }>(
        `SELECT application_name AS name FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE '%outbox_age%' AND pid <> pg_backend_pid()`,
      );
      expect(rows).toEqual([{ name: 'executor-count' }]);
    } finally {
      await client.end();
    }
  });

  it('are the ones that dashboards and alerts name', async () => {
    const texts = await Promise.all(
      (['gateway', 'executor', 'auth-broker'] as const).map(async (name) =>
        (await scrape(name, metricsKey)).text(),
      ),
    );
    const live = new Set([...texts.join('\n').matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name));
    // These need an event that this test does not make: a wait in memory, and waits in the ledger.
    const rare = [
      'mesh_permit_wait_seconds',
      'mesh_retry_lateness_seconds',
      'mesh_calls_waiting',
      'mesh_calls_waiting_oldest_seconds',
    ];
    expect(dashboardMetrics().filter((name) => !live.has(name) && !rare.includes(name))).toEqual([]);
  });
});
