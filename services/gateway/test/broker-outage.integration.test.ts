import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';

import { freePort } from './free-port.js';
import { GatewayHarness, callTopics } from './gateway-harness.js';
import { HttpClient, type HttpAnswer } from './http-client.js';

jest.setTimeout(180_000);

let harness: GatewayHarness;

beforeAll(async () => {
  harness = await GatewayHarness.start();
});

afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});

const execute = '/v1/tools/crm_update_contact/execute';
const acceptTimeoutMs = 1_000;
/** The delay beyond its own deadline that a gateway may have on a loaded test machine. */
const slackMs = 4_000;

const call = (changes: object = {}): Record<string, unknown> => ({
  user_id: 'u1',
  agent: { id: 'agent', run_id: newId() },
  arguments: { email: 'ada@example.com', company: 'never' },
  ...changes,
});

function expectUnavailable(answer: HttpAnswer): void {
  expect([answer.status, answer.body['code']]).toEqual([503, 'mesh_unavailable']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

async function statusOf(url: string, path: string): Promise<number> {
  const response = await fetch(`${url}${path}`);
  await response.body?.cancel();
  return response.status;
}

describe('while the broker does not answer', () => {
  it('the gateway accepts no call, answers in time, and accepts calls and waits afterwards', async () => {
    await using gateway = await harness.startGateway({ GATEWAY_ACCEPT_TIMEOUT: `${acceptTimeoutMs}ms` });
    const http = new HttpClient(gateway.url);
    expect((await http.post(execute, call(), { headers: { prefer: 'wait=0' } })).status).toBe(202);

    await harness.kafka.pause();
    const startedAt = performance.now();
    const callId = newId();
    const answers = await Promise.all([
      http.post(execute, call({ call_id: callId })),
      http.post('/v1/calls', call({ tool: { slug: 'crm_update_contact' } })),
      http.post('/v1/calls', [call({ tool: { slug: 'crm_update_contact' } })]),
      http.post('/v1/hooks/new_lead_created', {}),
    ]);
    expect(performance.now() - startedAt).toBeLessThan(acceptTimeoutMs + slackMs);
    answers.forEach(expectUnavailable);
    expect(answers[0].body['call_id']).toBe(callId);
    expect((await http.get(`/v1/calls/${callId}`)).status).toBe(404);
    // Routes that need no broker still answer.
    expect((await http.get('/v1/tools')).status).toBe(200);
    expect((await http.post(execute, call({ arguments: {} }))).status).toBe(422);
    expect(await statusOf(gateway.url, '/health/live')).toBe(200);

    await harness.kafka.resume();
    const again = await waitFor(
      async () => {
        const answer = await http.post(execute, call(), { headers: { prefer: 'wait=0' } });
        return answer.status === 202 ? answer : undefined;
      },
      { what: 'a call to be taken again', timeoutMs: 60_000 },
    );
    expect(again.body['status']).toBe('accepted');
    await waitFor(async () => (await statusOf(gateway.url, '/health/ready')) === 200, {
      what: 'the gateway to be ready again',
      timeoutMs: 60_000,
    });
    const id = newId();
    const waited = http.post(execute, call({ call_id: id }));
    const seen = await harness.seen(callTopics);
    const accepted = await waitFor(() => seen.find(({ value }) => value['call_id'] === id), {
      what: 'the call on the log',
      timeoutMs: 60_000,
    });
    await harness.answer(accepted.value, 'succeed');
    expect(await waited).toMatchObject({ status: 200, body: { call_id: id, status: 'succeeded' } });
  });
});

describe('while there is no broker', () => {
  beforeAll(() => harness.disconnectClients());

  it('the gateway stops when told to before the broker comes', async () => {
    await harness.kafka.stop();
    const stop = new AbortController();
    const starting = harness.startGateway({ GATEWAY_ACCEPT_TIMEOUT: '500ms' }, stop.signal);
    const reason = new Error('told to stop');
    setTimeout(() => stop.abort(reason), 200);
    await expect(starting).rejects.toBe(reason);
  });

  it('the gateway starts, reports the missing parts, and is ready when the broker comes', async () => {
    await harness.kafka.stop();
    const port = await freePort();
    const starting = harness.startGateway({ PORT: String(port), GATEWAY_ACCEPT_TIMEOUT: '500ms' });
    const url = `http://127.0.0.1:${port}`;
    const report = await waitFor(
      async () => {
        const response = await fetch(`${url}/health/ready`);
        return {
          status: response.status,
          body: (await response.json()) as { problems: Record<string, string> },
        };
      },
      { what: 'health to be answered' },
    );
    expect(report.status).toBe(503);
    expect(Object.keys(report.body.problems).sort()).toEqual(['mesh']);
    expect(await statusOf(url, '/health/live')).toBe(200);
    const http = new HttpClient(url);
    expectUnavailable(await http.post(execute, call()));
    for (const path of ['/v1/tools', '/v1/tools/crm_update_contact']) expectUnavailable(await http.get(path));
    const search = { user_id: 'u1', arguments: { query: 'contact' } };
    expectUnavailable(await http.post('/v1/tools/search_tools/execute', search));

    await harness.kafka.restart();
    await using gateway = await starting;
    expect(gateway.url).toBe(url);
    const answer = await http.post(execute, call(), { headers: { prefer: 'wait=0' } });
    expect(answer.status).toBe(202);
  });
});
