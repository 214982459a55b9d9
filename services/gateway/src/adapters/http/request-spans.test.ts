import { routes, type AcceptedCall } from '@action-mesh/contracts/gateway';
import { samplePrincipal } from '@action-mesh/identity/testing';
import { openTelemetry, type Telemetry } from '@action-mesh/telemetry';
import { OtlpReceiver } from '@action-mesh/testing';
import fastify from 'fastify';

import { KafkaEventLog } from '../kafka/kafka-event-log.js';
import { recordRequests } from './request-spans.js';
import { traceOf, traceRequests } from './trace-headers.js';

let receiver: OtlpReceiver;

beforeEach(async () => {
  receiver = await OtlpReceiver.open();
});

afterEach(async () => {
  await receiver.close();
});

/** Telemetry that samples no trace by itself. */
function unsampling(): Telemetry {
  return openTelemetry(
    {
      resource: { 'service.name': 'gateway' },
      targets: [
        {
          name: 'otlp',
          url: new URL('/v1/traces', receiver.url),
          headers: {},
          protocol: 'protobuf',
          timeoutMs: 5_000,
        },
      ],
      ratio: 0,
      hasContent: false,
    },
    { onLost: () => undefined },
  );
}

/** Takes one call from this tenant, and a request without a call. */
async function callOf(
  telemetry: Telemetry,
  tenantId: string,
  { isWrite, headers = {} }: { readonly isWrite: boolean; readonly headers?: Record<string, string> },
): Promise<void> {
  const app = fastify();
  app.decorateRequest('caller');
  app.addHook('onRequest', (request, _reply, done) => {
    Object.assign(request, { caller: samplePrincipal({ tenantId, holder: 'ada' }) });
    done();
  });
  traceRequests(app, telemetry.spans);
  recordRequests(app, telemetry.spans);
  const log = new KafkaEventLog(
    { send: () => Promise.resolve() },
    { spans: telemetry.spans, isWrite: () => isWrite },
  );
  const call = {
    call_id: '019b76da-a800-7000-8000-000000000001',
    tenant_id: tenantId,
    user_id: `user of ${tenantId}`,
    agent: { id: `agent of ${tenantId}`, run_id: 'r-1' },
  } as AcceptedCall;
  app.post('/v1/calls', { config: { meshRoute: routes.submitCalls } }, async (request) => {
    await log.callAccepted(call, traceOf(request), 'calls');
    return {};
  });
  app.get('/v1/me', { config: { meshRoute: routes.whoAmI } }, () => ({}));
  await app.inject({ method: 'POST', url: '/v1/calls', headers });
  await app.inject({ method: 'GET', url: '/v1/me', headers });
  await app.close();
}

it('the trace of a write has its first span, the request, although it was not sampled', async () => {
  const telemetry = unsampling();
  await callOf(telemetry, 'acme', { isWrite: true });
  await telemetry.close();
  expect(receiver.spans).toMatchObject([{ name: 'POST /v1/calls', parentSpanId: '' }]);
});

it('the trace of a read without an error is not exported', async () => {
  const telemetry = unsampling();
  await callOf(telemetry, 'acme', { isWrite: false });
  await telemetry.close();
  expect(receiver.spans).toEqual([]);
});

it('a request has its own tenant on its span, and no fact of a tenant with the same trace id (TF1)', async () => {
  const telemetry = unsampling();
  const headers = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  await callOf(telemetry, 'acme', { isWrite: true, headers });
  await callOf(telemetry, 'eve', { isWrite: true, headers });
  await telemetry.close();
  expect(receiver.spans.map(({ attributes }) => attributes['mesh.tenant.id'])).toEqual([
    'acme',
    'acme',
    'eve',
    'eve',
  ]);
  expect(receiver.spans.map(({ attributes }) => attributes['user.id'])).toEqual([
    'user of acme',
    'user of acme',
    'user of eve',
    'user of eve',
  ]);
});
