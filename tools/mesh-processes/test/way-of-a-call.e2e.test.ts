import { randomBytes } from 'node:crypto';

import { newId } from '@action-mesh/kernel';
import { waitFor } from '@action-mesh/testing';
import { Kafka, logLevel } from 'kafkajs';

import { ask, callOf, startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

let harness: MeshHarness;

beforeAll(async () => {
  harness = await startMesh();
}, 120_000);

afterAll(async () => {
  await harness.close();
}, 60_000);

const execute = '/v1/tools/write_opaque/execute';

async function requestsWith(text: string): Promise<readonly { traceparent?: string }[]> {
  const seen = await harness.oracle.requests({ path: '/echo' });
  return seen.filter(({ body }) => (body as { text?: unknown } | undefined)?.text === text);
}

describe('a call through HTTP', () => {
  it('is answered with its outcome, and can be looked up afterwards', async () => {
    const answer = await ask(harness.mesh, 'POST', execute, callOf({ text: 'one' }, newId()));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'succeeded',
      attempts: 1,
      replayed: false,
      seq: 1,
      result: { ok: true },
    });
    const found = await ask(harness.mesh, 'GET', `/v1/calls/${String(answer.body['call_id'])}`);
    expect(found.status).toBe(200);
    expect(found.body).toMatchObject({ state: 'SUCCEEDED', outcome: answer.body });
  });

  it('reaches the provider once when it is sent many times at once, and all get the same answer (I2, I4)', async () => {
    const call = callOf({ text: 'many' }, newId());
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask(harness.mesh, 'POST', execute, call)),
    );
    expect(new Set(answers.map(({ body }) => JSON.stringify(body['result']))).size).toBe(1);
    const originals = answers.filter(({ body }) => body['duplicate_of'] === undefined);
    expect(originals).toHaveLength(1);
    const late = await ask(harness.mesh, 'POST', execute, call);
    expect(late.body).toMatchObject({ replayed: true, duplicate_of: originals[0]?.body['call_id'] });
    expect(await requestsWith('many')).toHaveLength(1);
  });

  it('with another occurrence is another call', async () => {
    const call = callOf({ text: 'twice' }, newId());
    await ask(harness.mesh, 'POST', execute, call);
    await ask(harness.mesh, 'POST', execute, { ...call, occurrence: 'second' });
    expect(await requestsWith('twice')).toHaveLength(2);
  });

  it('under a key that belongs to other content is a conflict and never runs', async () => {
    const key = { 'idempotency-key': `"${newId()}"` };
    const body = (text: string): object => ({ user_id: 'ada', arguments: { text } });
    expect((await ask(harness.mesh, 'POST', execute, body('keyed'), key)).status).toBe(200);
    expect((await ask(harness.mesh, 'POST', execute, body('keyed'), key)).body).toMatchObject({
      replayed: true,
    });
    const conflict = await ask(harness.mesh, 'POST', execute, body('other'), key);
    expect(conflict.status).toBe(422);
    expect(conflict.body).toMatchObject({ code: 'idempotency_key_conflict' });
    expect(await requestsWith('other')).toHaveLength(0);
  });

  it('with invalid arguments is refused at the gateway, with the place and the reason', async () => {
    const answer = await ask(harness.mesh, 'POST', execute, callOf({ txet: 'x' }, newId()));
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain('text');
  });

  it('keeps one trace from the submitter to the provider, the outcome and the record (I14)', async () => {
    const traceId = randomBytes(16).toString('hex');
    const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
    const answer = await ask(harness.mesh, 'POST', execute, callOf({ text: 'traced' }, newId()), {
      traceparent,
    });
    expect((await requestsWith('traced'))[0]?.traceparent?.split('-')[1]).toBe(traceId);
    expect(answer.headers.get('traceparent')?.split('-')[1]).toBe(traceId);
    const found = await ask(harness.mesh, 'GET', `/v1/calls/${String(answer.body['call_id'])}`);
    expect(found.body).toMatchObject({ trace_id: traceId });
  });
});

describe('a call on Kafka, from a client without our libraries', () => {
  it('gets its outcome on mesh.outcomes, in the same trace, and is the same call as through HTTP', async () => {
    const { brokers, topicPrefix, mesh } = harness;
    const kafka = new Kafka({ clientId: 'stranger', brokers: [...brokers], logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: `stranger-${newId()}`, maxWaitTimeInMs: 100 });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    const seen: { key: string; value: string; traceparent: string; type: string }[] = [];
    try {
      await Promise.all([consumer.connect(), producer.connect()]);
      await consumer.subscribe({ topic: `${topicPrefix}mesh.outcomes`, fromBeginning: true });
      await consumer.run({
        eachMessage: ({ message }) => {
          seen.push({
            key: message.key?.toString() ?? '',
            value: message.value?.toString() ?? '',
            traceparent: message.headers?.['traceparent']?.toString() ?? '',
            type: message.headers?.['ce_type']?.toString() ?? '',
          });
          return Promise.resolve();
        },
      });
      const callId = newId();
      const traceId = randomBytes(16).toString('hex');
      const call = callOf({ text: 'from kafka' }, newId());
      await producer.send({
        topic: `${topicPrefix}mesh.ingress`,
        messages: [
          {
            key: callId,
            value: JSON.stringify({ ...call, call_id: callId, tool: { slug: 'write_opaque' } }),
            headers: {
              ce_specversion: '1.0',
              ce_type: 'mesh.call.submitted.v1',
              ce_source: '/strangers/1',
              ce_id: callId,
              'content-type': 'application/json',
              'mesh-publisher-token': mesh.publisherToken,
              traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
            },
          },
        ],
      });
      const mine = (): (typeof seen)[number] | undefined => seen.find(({ key }) => key === callId);
      await waitFor(() => mine() !== undefined, { timeoutMs: 30_000, what: 'the outcome' });
      expect(mine()?.type).toBe('mesh.call.outcome.v1');
      expect(mine()?.traceparent.split('-')[1]).toBe(traceId);
      expect(JSON.parse(mine()?.value ?? '')).toMatchObject({
        call_id: callId,
        status: 'succeeded',
        replayed: false,
      });
      const again = await ask(mesh, 'POST', execute, call);
      expect(again.body).toMatchObject({ duplicate_of: callId, replayed: true });
      expect(await requestsWith('from kafka')).toHaveLength(1);
    } finally {
      await Promise.all([consumer.disconnect(), producer.disconnect()]);
    }
  }, 60_000);
});

describe('an answer of the provider', () => {
  it('succeeds as incomplete when it breaks off after its status', async () => {
    await harness.oracle.behave({ match: { path: '/echo' }, mode: 'close-mid-body', times: 1 });
    const answer = await ask(harness.mesh, 'POST', execute, callOf({ text: 'broken off' }, newId()));
    expect(answer.body).toMatchObject({
      status: 'succeeded',
      upstream: { status_code: 200, incomplete: true },
    });
  });

  it('leaves an opaque call to a person when it never comes, and the call is not sent again (I2)', async () => {
    await harness.oracle.behave({ match: { path: '/echo' }, mode: 'close-before-response', times: 1 });
    const answer = await ask(harness.mesh, 'POST', execute, callOf({ text: 'lost' }, newId()));
    expect(answer.body).toMatchObject({
      status: 'needs_review',
      attempts: 1,
      error: { category: 'unknown_effect' },
    });
    expect(await requestsWith('lost')).toHaveLength(1);
  });

  it('is requested again under the same key when it never comes to a keyed call, for one effect (I2)', async () => {
    await harness.oracle.behave({ match: { path: '/slack/' }, mode: 'close-before-response', times: 1 });
    const call = callOf({ channel: '#x', text: 'again' }, newId());
    const answer = await ask(harness.mesh, 'POST', '/v1/tools/post_message/execute', call);
    expect(answer.body).toMatchObject({ status: 'succeeded', attempts: 2 });
    const posted = await harness.oracle.requests({ path: '/slack/' });
    expect(posted.map(({ effect }) => effect)).toEqual(['new', 'repeat']);
  });
});

describe('a webhook', () => {
  it('becomes a trigger on mesh.triggers', async () => {
    const answer = await ask(harness.mesh, 'POST', '/v1/hooks/new_lead_created', { email: 'a@b.example' });
    expect(answer.status).toBe(202);
    expect(answer.body['trigger_id']).toEqual(expect.any(String));
  });
});
