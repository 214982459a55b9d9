import { AwaitedCallAccepted } from '@action-mesh/contracts/gateway';
import { CallOutcome } from '@action-mesh/contracts/executor';
import { newId } from '@action-mesh/kernel';
import { TopicFollower } from '@action-mesh/messaging';
import { waitFor } from '@action-mesh/testing';

import { ask, callOf, startMesh, type GatewayAnswer, type MeshHarness } from '../src/testing/mesh-harness.js';

let harness: MeshHarness;

beforeAll(async () => {
  harness = await startMesh({ form: 'one process' });
}, 120_000);

afterAll(async () => {
  await harness.close();
}, 60_000);

function post(text: string, callId: string): Promise<GatewayAnswer> {
  const body = { ...callOf({ channel: '#x', text }, 'run-1'), call_id: callId };
  return ask(harness.mesh, 'POST', '/v1/tools/post_message/execute', body, { prefer: 'wait=60' });
}

describe('a mesh in one process, with calls and outcomes handed over in memory', () => {
  it('runs each call once, and every record is on its topic (I1, I2)', async () => {
    const { oracle, brokers, topicPrefix } = harness;
    const client = { brokers, clientId: 'test', topicPrefix };
    const records = new Map<string, string[]>();
    const follow = (topic: string): TopicFollower =>
      new TopicFollower({
        client,
        topic,
        onRecord: ({ headers }) =>
          records.set(topic, [...(records.get(topic) ?? []), headers['ce_id'] ?? '']),
      });
    await using calls = follow(AwaitedCallAccepted.topic);
    await using outcomes = follow(CallOutcome.topic);
    await Promise.all([calls.start(), outcomes.start()]);
    const ids = Array.from({ length: 60 }, () => newId());
    // Every third call equals the one before it.
    const answers = await Promise.all(ids.map((id, n) => post(`once ${n % 3 === 2 ? n - 1 : n}`, id)));

    expect(answers.map(({ status, body }) => [status, body['status']])).toEqual(
      ids.map(() => [200, 'succeeded']),
    );
    expect(await oracle.effects()).toMatchObject({
      effects: 40,
      duplicates: [],
    });
    for (const topic of [AwaitedCallAccepted.topic, CallOutcome.topic]) {
      await waitFor(() => new Set(records.get(topic)).size === ids.length, {
        what: `all records of ${topic}`,
      });
    }
    expect(records.get(CallOutcome.topic)).toHaveLength(ids.length);
  });

  it('settles calls that a killed process had under way, once (I2, I3, I8)', async () => {
    const { mesh, oracle } = harness;
    await oracle.reset();
    const ids = Array.from({ length: 30 }, () => newId());
    const cut = ids.map((id, n) => post(`again ${n}`, id).catch(() => undefined));
    await waitFor(async () => (await oracle.requests({ path: '/slack/chat.postMessage' })).length >= 5, {
      what: 'requests under way',
    });
    await mesh.kill('all');
    await Promise.all(cut);
    await mesh.start('all');
    const answers = await Promise.all(ids.map((id, n) => post(`again ${n}`, id)));
    expect(answers.map(({ body }) => body['status'])).toEqual(ids.map(() => 'succeeded'));
    expect(await oracle.effects()).toMatchObject({
      effects: 30,
      duplicates: [],
    });
  });
});
