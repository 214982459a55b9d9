import { createHmac } from 'node:crypto';

import { keyDigest, newKeyText } from '@action-mesh/identity';
import { SampleIssuer } from '@action-mesh/identity/testing';
import { newId } from '@action-mesh/kernel';
import { OtlpReceiver, waitFor } from '@action-mesh/testing';
import { Kafka, logLevel } from 'kafkajs';

import { newTenantKey } from '../src/tenant-key.js';
import { ask, callOf, startMesh, type GatewayAnswer, type MeshHarness } from '../src/testing/mesh-harness.js';
import { exportedTexts, exportingTo } from './exported-texts.js';
import { storedTexts } from './stored-texts.js';

const services = [
  'gateway',
  'catalog',
  'executor',
  'rate-governor',
  'auth-broker',
  'webhooks',
  'audit',
] as const;

let receiver: OtlpReceiver;
let harness: MeshHarness;
const answers: GatewayAnswer[] = [];

beforeAll(async () => {
  receiver = await OtlpReceiver.open();
  harness = await startMesh({ audit: true, variables: exportingTo(receiver) });
  for (const name of ['auth-broker', 'webhooks', 'executor', 'audit', 'gateway'] as const) {
    await harness.mesh.stop(name);
    await harness.mesh.start(name, { LOG_LEVEL: 'trace' });
  }
}, 120_000);

afterAll(async () => {
  await harness.close();
  await receiver.close();
}, 60_000);

async function as(key: string, method: string, path: string, body?: unknown): Promise<GatewayAnswer> {
  return ask(harness.mesh, method, path, body, { authorization: `Bearer ${key}` });
}

/** Like {@link as}, for answers that must not show a secret. */
async function noted(key: string, method: string, path: string, body?: unknown): Promise<GatewayAnswer> {
  const answer = await as(key, method, path, body);
  answers.push(answer);
  return answer;
}

async function created(key: string, path: string, body: object): Promise<{ key: string; id: string }> {
  const { status, body: answer } = await as(key, 'POST', path, body);
  expect(status).toBe(201);
  return { key: String(answer['key']), id: String(answer['id']) };
}

async function publish(token: string, callId: string): Promise<void> {
  const { brokers, topicPrefix } = harness;
  const producer = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const value = { ...callOf({ id: 'k' }, newId()), call_id: callId, tool: { slug: 'read_item' } };
  const headers = {
    ce_specversion: '1.0',
    ce_type: 'mesh.call.submitted.v1',
    ce_source: '/strangers/1',
    ce_id: callId,
    'content-type': 'application/json',
    'mesh-publisher-token': token,
  };
  const messages = [{ key: callId, value: JSON.stringify(value), headers }];
  await producer.send({ topic: `${topicPrefix}mesh.ingress`, messages });
  await producer.disconnect();
}

/** Sends a signed request for a trigger until the door knows it. */
async function deliver(trigger: string, secret: string): Promise<void> {
  const body = 'command=%2Fdeploy&trigger_id=1';
  const time = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': time,
    'x-slack-signature': `v0=${signature}`,
  };
  const url = `${harness.mesh.gatewayUrl}/hooks/acme/${trigger}`;
  await waitFor(async () => (await fetch(url, { method: 'POST', headers, body })).status === 200, {
    what: 'the door for a signed request',
  });
}

/** Notes the history when audit has recorded that a key was revoked, which is the last act. */
async function noteHistory(owner: string, revoked: string): Promise<void> {
  const route = '/v1/audit/entries?kind=administration.result';
  await waitFor(async () => JSON.stringify((await as(owner, 'GET', route)).body).includes(revoked), {
    what: 'the revocation in the history',
    timeoutMs: 60_000,
  });
  const { body } = await noted(owner, 'GET', '/v1/audit/entries?limit=100');
  expect(body['entries']).not.toEqual([]);
  for (const path of ['calls', 'runs'])
    for (const { run_id: runId, call_id: callId } of body['entries'] as Record<
      string,
      string | undefined
    >[]) {
      const id = path === 'calls' ? callId : runId;
      if (id !== undefined)
        await noted(owner, 'GET', path === 'calls' ? `/v1/calls/${id}/story` : `/v1/runs/${id}`);
    }
  const exported = await fetch(`${harness.mesh.gatewayUrl}/v1/audit/export`, {
    headers: { authorization: `Bearer ${owner}` },
  });
  answers.push({
    status: exported.status,
    headers: exported.headers,
    body: { lines: await exported.text() },
  });
}

/** The forms in which a secret could appear. Its end alone counts too. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [secret.slice(-40), bytes.toString('hex'), bytes.toString('base64').slice(0, 40)];
}

it('keeps keys, tokens and digests out of data, logs, answers, spans and metrics', async () => {
  const { mesh } = harness;
  const owner = await newTenantKey(mesh, 'acme');
  const issuer = await SampleIssuer.of('acme');
  await noted(mesh.apiKey, 'PUT', '/v1/tenants/acme', { issuers: [issuer.identity] });
  const first = await created(owner, '/v1/keys', { role: 'agent', holder: 'bot' });
  const second = await created(owner, `/v1/keys/${first.id}/rotate`, {});
  const publisher = await created(owner, '/v1/keys', { use: 'publisher', role: 'agent', holder: 'bot' });
  const userToken = await issuer.token('ada');
  const wrong = newKeyText('api', 'dev');
  const wrongToken = newKeyText('publisher', 'dev');
  await waitFor(async () => (await as(userToken, 'GET', '/v1/me')).status === 200, { what: 'the issuer' });

  const run = '/v1/tools/read_item/execute';
  for (const key of [owner, first.key, second.key, userToken, wrong, `${first.key}x`, `${userToken}x`]) {
    await noted(key, 'POST', run, callOf({ id: 'h' }, newId()));
    await noted(key, 'GET', `/v1/keys/${first.id}`);
    await noted(key, 'GET', '/v1/me');
    // A key in the wrong place: a body, an address, a header of a trigger.
    await noted(key, 'GET', `/v1/nothing/${newId()}`);
  }
  const callIds = [newId(), newId(), newId()] as const;
  await publish(publisher.key, callIds[0]);
  await publish(wrongToken, callIds[1]);
  await publish(first.key, callIds[2]);
  await waitFor(async () => JSON.stringify((await as(owner, 'GET', '/v1/calls')).body).includes(callIds[0]), {
    what: 'the published call',
    timeoutMs: 30_000,
  });
  await waitFor(
    async () => {
      const { body } = await ask(mesh, 'GET', '/v1/refused-records');
      answers.push({ status: 200, headers: new Headers(), body });
      return [callIds[1], callIds[2]].every((id) => JSON.stringify(body).includes(id));
    },
    { what: 'the refused records', timeoutMs: 30_000 },
  );
  const canary = 'a-canary-that-signs-requests-of-a-trigger';
  await noted(owner, 'PUT', '/v1/triggers/signed', { scheme: 'slack', secrets: [canary] });
  const made = await as(owner, 'PUT', '/v1/triggers/made', { scheme: 'standard_webhooks' });
  const rotated = await as(owner, 'POST', '/v1/triggers/made/rotate-secret', {});
  for (const path of ['triggers', 'triggers/signed', 'triggers/made'])
    await noted(owner, 'GET', `/v1/${path}`);
  await deliver('signed', canary);
  await noted(owner, 'DELETE', `/v1/keys/${second.id}`);
  for (const path of ['keys', 'tenants/acme', 'switches', 'calls', 'dead-letters'])
    await noted(mesh.apiKey, 'GET', `/v1/${path}`);

  await noteHistory(owner, second.id);
  const said = JSON.stringify(answers.map(({ body, headers }) => [body, [...headers]]));
  await waitFor(() => receiver.spans.some(({ name }) => name.startsWith('execute_tool')), {
    what: 'the spans of the calls',
    timeoutMs: 20_000,
  });
  const kept = await storedTexts(harness);
  // The spans of the last request have come meanwhile: they follow within a second.
  const exported = await exportedTexts(mesh, receiver, services);
  expect(exported.filter(({ place }) => place.startsWith('metrics'))).toHaveLength(services.length);
  const stored = [...kept, ...exported];
  const apiKeys = { 'the platform': mesh.apiKey, owner, first: first.key, second: second.key, wrong };
  const ofTriggers = {
    trigger: canary,
    'made by the mesh': String(made.body['secret']),
    rotated: String(rotated.body['secret']),
  };
  expect(new Set(Object.values(ofTriggers)).size).toBe(3);
  const secrets = { ...apiKeys, ...ofTriggers, service: mesh.serviceKey, user: userToken };
  const tokens = { publisher: publisher.key, 'wrong token': wrongToken };
  const placesOf = (forms: readonly string[]): string[] => [
    ...new Set(
      [...stored, { place: 'answers', text: said }, { place: 'logs', text: mesh.output }]
        .filter(({ text }) => forms.some((form) => text.includes(form)))
        .map(({ place }) => place),
    ),
  ];
  // The API key that was published by mistake lies in its record, where its publisher put it.
  const ingress = 'mesh.ingress, mesh-publisher-token';
  for (const [name, secret] of Object.entries(secrets)) {
    const allowed = name === 'first' ? [ingress] : [];
    expect([name, placesOf(formsOf(secret))]).toEqual([name, allowed]);
  }
  for (const [name, token] of Object.entries(tokens)) {
    expect([name, placesOf(formsOf(token))]).toEqual([name, [ingress]]);
  }
  for (const key of [owner, second.key, publisher.key]) {
    expect(placesOf([keyDigest(key)])).toEqual(['mesh.identity', 'auth_broker.api_key']);
  }
  expect(mesh.output).toContain('consumer lane');
}, 180_000);
