import { keyDigest, newKeyText } from '@action-mesh/identity';
import { SampleIssuer } from '@action-mesh/identity/testing';
import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { Kafka, logLevel } from 'kafkajs';

import { newTenantKey } from '../src/tenant-key.js';
import { ask, callOf, startMesh, type GatewayAnswer, type MeshHarness } from '../src/testing/mesh-harness.js';
import { storedTexts } from './stored-texts.js';

let harness: MeshHarness;
const answers: GatewayAnswer[] = [];

beforeAll(async () => {
  harness = await startMesh();
  for (const name of ['auth-broker', 'executor', 'gateway'] as const) {
    await harness.mesh.stop(name);
    await harness.mesh.start(name, { LOG_LEVEL: 'trace' });
  }
}, 120_000);

afterAll(async () => {
  await harness.close();
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

/** The forms in which a secret could appear. Its end alone counts too. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [secret.slice(-40), bytes.toString('hex'), bytes.toString('base64').slice(0, 40)];
}

it('keeps keys, tokens and digests out of data, logs and answers', async () => {
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
  await noted(owner, 'DELETE', `/v1/keys/${second.id}`);
  for (const path of ['keys', 'tenants/acme', 'switches', 'calls', 'dead-letters'])
    await noted(mesh.apiKey, 'GET', `/v1/${path}`);

  const said = JSON.stringify(answers.map(({ body, headers }) => [body, [...headers]]));
  const stored = await storedTexts(harness);
  const apiKeys = { 'the platform': mesh.apiKey, owner, first: first.key, second: second.key, wrong };
  const secrets = { ...apiKeys, service: mesh.serviceKey, user: userToken };
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
