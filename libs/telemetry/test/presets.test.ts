import { OtlpReceiver } from '@action-mesh/testing';

import { aSpan, opened, settingsFrom } from './telemetry-stage.js';

let receiver: OtlpReceiver;

beforeEach(async () => {
  receiver = await OtlpReceiver.open();
});

afterEach(async () => {
  await receiver.close();
});

const facts = { tenantId: 't-1', userId: 'ada', sessionId: 's-3', agentId: 'sales', runId: 'r-7' };

/** Exports a tool call and an HTTP request of one trace, and returns them as the receiver got them. */
async function exported(
  variables: Record<string, string>,
): Promise<Record<'tool' | 'http', Record<string, unknown>>> {
  const { telemetry } = opened({
    ...variables,
    OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true',
  });
  const tool = aSpan({
    error: { type: 'provider_failed', message: 'it answered 503' },
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.call.arguments': '{"a":1}',
      'gen_ai.tool.call.result': '{"b":2}',
    },
  });
  telemetry.spans.describe(tool.trace.traceId, facts);
  telemetry.spans.record({ ...tool, tenantId: facts.tenantId });
  telemetry.spans.record(
    aSpan({
      name: 'POST',
      trace: { ...tool.trace, spanId: '00f067aa0ba902b7' },
      tenantId: facts.tenantId,
      attributes: {},
    }),
  );
  await telemetry.close();
  const [first, second] = receiver.spans;
  return { tool: first?.attributes ?? {}, http: second?.attributes ?? {} };
}

describe('the preset langfuse', () => {
  const variables = () => ({
    TELEMETRY_TARGETS: 'langfuse',
    LANGFUSE_PUBLIC_KEY: 'pk-lf-1',
    LANGFUSE_SECRET_KEY: 'sk-lf-2',
    LANGFUSE_BASE_URL: receiver.url,
  });

  it('posts protobuf to the OTLP endpoint with basic authentication and the ingestion version', async () => {
    await exported(variables());
    expect(receiver.exports).toMatchObject([
      {
        path: '/api/public/otel/v1/traces',
        headers: {
          authorization: `Basic ${Buffer.from('pk-lf-1:sk-lf-2').toString('base64')}`,
          'x-langfuse-ingestion-version': '4',
          'content-type': 'application/x-protobuf',
        },
      },
    ]);
  });

  it('gives user, session, environment and tags on every span, and types the tool call', async () => {
    const { tool, http } = await exported(variables());
    const common = {
      'user.id': 'ada',
      'session.id': 's-3',
      'langfuse.user.id': 'ada',
      'langfuse.session.id': 's-3',
      'langfuse.environment': 'live',
      'langfuse.trace.tags': ['tenant:t-1'],
    };
    expect(tool).toMatchObject({
      ...common,
      'langfuse.observation.type': 'tool',
      'langfuse.observation.input': '{"a":1}',
      'langfuse.observation.output': '{"b":2}',
      'langfuse.observation.level': 'ERROR',
      'langfuse.observation.status_message': 'it answered 503',
    });
    expect(http).toMatchObject({ ...common, 'langfuse.observation.type': 'span' });
  });
});

describe('the preset langsmith', () => {
  it('posts with key and project, and gives kind and session', async () => {
    const { tool, http } = await exported({
      TELEMETRY_TARGETS: 'langsmith',
      LANGSMITH_API_KEY: 'lsv2_1',
      LANGSMITH_PROJECT: 'mesh demo',
      LANGSMITH_ENDPOINT: receiver.url,
    });
    expect(receiver.exports).toMatchObject([
      { path: '/otel/v1/traces', headers: { 'x-api-key': 'lsv2_1', 'langsmith-project': 'mesh demo' } },
    ]);
    expect(tool).toMatchObject({
      'langsmith.span.kind': 'tool',
      'langsmith.trace.session_id': 's-3',
      'langsmith.metadata.user_id': 'ada',
      'gen_ai.prompt': '{"a":1}',
      'gen_ai.completion': '{"b":2}',
    });
    expect(http).toMatchObject({ 'langsmith.span.kind': 'chain', 'langsmith.trace.session_id': 's-3' });
  });
});

describe('the preset datadog', () => {
  it('posts protobuf with key and source, and gives GenAI attributes', async () => {
    const { tool } = await exported({
      TELEMETRY_TARGETS: 'datadog',
      DD_API_KEY: 'dd-1',
      DD_OTLP_ENDPOINT: receiver.url,
    });
    expect(receiver.exports).toMatchObject([
      {
        path: '/v1/traces',
        headers: {
          'dd-api-key': 'dd-1',
          'dd-otlp-source': 'llmobs',
          'content-type': 'application/x-protobuf',
        },
      },
    ]);
    expect(tool).toMatchObject({ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.agent.id': 'sales' });
    expect(receiver.spans[0]?.resource).toMatchObject({ 'service.name': 'action-mesh-executor' });
  });

  it('has the address of the site', () => {
    const settings = settingsFrom({
      TELEMETRY_TARGETS: 'datadog',
      DD_API_KEY: 'dd-1',
      DD_SITE: 'us3.datadoghq.com',
    }).data;
    expect(settings?.targets[0]?.url.href).toBe('https://otlp.us3.datadoghq.com/v1/traces');
  });
});

describe('several targets', () => {
  it('get the same spans, each with its own headers and attributes and no credential of another', async () => {
    const collector = await OtlpReceiver.open();
    const { telemetry } = opened({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-collector=secret%20one',
      TELEMETRY_TARGETS: 'langsmith, langfuse',
      LANGFUSE_PUBLIC_KEY: 'pk',
      LANGFUSE_SECRET_KEY: 'sk',
      LANGFUSE_BASE_URL: receiver.url,
      LANGSMITH_API_KEY: 'ls',
      LANGSMITH_ENDPOINT: receiver.url,
    });
    telemetry.spans.record(aSpan());
    await telemetry.close();
    expect(collector.exports).toMatchObject([
      { path: '/v1/traces', headers: { 'x-collector': 'secret one' } },
    ]);
    expect(Object.keys(collector.spans[0]?.attributes ?? {}).some((name) => name.startsWith('lang'))).toBe(
      false,
    );
    expect(receiver.exports.map(({ path }) => path).sort()).toEqual([
      '/api/public/otel/v1/traces',
      '/otel/v1/traces',
    ]);
    for (const { headers } of receiver.exports) expect(headers).not.toHaveProperty('x-collector');
    await collector.close();
  });
});

describe('settings', () => {
  it.each<[Record<string, string>, string]>([
    [{ TELEMETRY_TARGETS: 'langfuse', LANGFUSE_PUBLIC_KEY: 'pk' }, 'LANGFUSE_SECRET_KEY'],
    [{ TELEMETRY_TARGETS: 'langsmith' }, 'LANGSMITH_API_KEY'],
    [{ TELEMETRY_TARGETS: 'datadog', DD_API_KEY: 'k', DD_SITE: 'evil.example/x?' }, 'DD_SITE'],
    [{ TELEMETRY_TARGETS: 'honeycomb' }, 'TELEMETRY_TARGETS'],
    [{ TELEMETRY_TARGETS: 'langsmith', LANGSMITH_API_KEY: 'a\nb' }, 'LANGSMITH_API_KEY'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://u:p@collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=b%0ac' }, 'OTEL_EXPORTER_OTLP_HEADERS'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: '=x' }, 'OTEL_EXPORTER_OTLP_HEADERS'],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG'],
    [{ METRICS_KEY: 'short' }, 'METRICS_KEY'],
  ])('%j are refused by the name of the variable and never its value', (variables, name) => {
    const { error } = settingsFrom(variables);
    expect(error?.issues.some(({ path }) => path[0] === name)).toBe(true);
    for (const value of Object.values(variables).filter(
      (text) => text.length > 8 && !text.startsWith('lang'),
    ))
      expect(JSON.stringify(error?.issues.map(({ message }) => message))).not.toContain(value);
  });

  it('take the name of the service and the attributes of OpenTelemetry', () => {
    const { data } = settingsFrom({
      OTEL_SERVICE_NAME: 'my-mesh',
      OTEL_RESOURCE_ATTRIBUTES: 'team=crm,service.version=1.2',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector.example.com/otlp/traces',
    });
    expect(data?.resource).toMatchObject({
      'service.name': 'my-mesh',
      team: 'crm',
      'service.version': '1.2',
    });
    expect(data?.targets[0]?.url.href).toBe('https://collector.example.com/otlp/traces');
  });
});
