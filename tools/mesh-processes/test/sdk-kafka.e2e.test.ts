import { newId } from '@action-mesh/kernel';
import { ActionMesh, type MeshOutcome } from '@action-mesh/sdk';
import { KafkaMesh, type FiredEvent } from '@action-mesh/sdk/kafka';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';

import { startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

jest.setTimeout(90_000);

let harness: MeshHarness;
let http: ActionMesh;
let mesh: KafkaMesh;
let kafka: Kafka;

beforeAll(async () => {
  harness = await startMesh({ form: 'one process' });
  http = new ActionMesh({ baseUrl: harness.mesh.gatewayUrl, apiKey: harness.mesh.apiKey });
  kafka = new Kafka({ brokers: [...harness.brokers], clientId: 'sdk', logLevel: logLevel.NOTHING });
  const { key } = await http.keys.create({ use: 'publisher', role: 'agent' });
  mesh = new KafkaMesh({ kafka, publisherToken: key, topicPrefix: harness.topicPrefix });
}, 120_000);

afterAll(async () => {
  await mesh.close();
  await harness.close();
}, 60_000);

describe('the SDK over Kafka', () => {
  it('publishes a call and gets its outcome; a repetition in the run acts once (I2)', async () => {
    await harness.oracle.reset();
    const as = { userId: 'ada', runId: newId() };
    const args = { channel: '#x', text: 'over Kafka' };
    const [first, second] = [
      await mesh.execute('post_message', args, as),
      await mesh.execute('post_message', args, as),
    ];
    expect([first.status, second.status]).toEqual(['succeeded', 'succeeded']);
    expect(second.duplicate_of).toBe(first.call_id);
    expect(await harness.oracle.effects()).toMatchObject({ effects: 1 });
  });

  it('tells of a call that is refused', async () => {
    const outcome = await mesh.execute('no_such_tool', {}, { userId: 'ada', runId: newId() });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'tool_not_found' } });
  });

  it('publishes nothing without a token', async () => {
    const reader = new KafkaMesh({ kafka, topicPrefix: harness.topicPrefix });
    await expect(reader.publish('post_message', {}, { userId: 'ada' })).rejects.toMatchObject({
      code: 'configuration_invalid',
    });
  });

  it('follows outcomes and triggers, and starts where its group stopped', async () => {
    const outcomes: MeshOutcome[] = [];
    const events: FiredEvent[] = [];
    const groupId = `test-${newId()}`;
    const follower = await mesh.followOutcomes({
      groupId,
      onRecord: (outcome) => void outcomes.push(outcome),
    });
    const listener = await mesh.followTriggers({
      groupId: `${groupId}-triggers`,
      onRecord: (event) => void events.push(event),
    });
    const callId = await mesh.publish('post_message', { channel: '#x', text: 'followed' }, { userId: 'ada' });
    await http.triggers.fire('sdk_kafka', { big: 1 });
    await waitFor(() => outcomes.some(({ call_id }) => call_id === callId) && events.length > 0, {
      timeoutMs: 30_000,
      what: 'the outcome and the event',
    });
    expect(events).toMatchObject([{ trigger: 'sdk_kafka', payload: { big: 1 } }]);
    const keys = outcomes.map(({ call_id, seq }) => `${call_id}/${seq}`);
    expect(new Set(keys).size).toBe(keys.length);
    await follower.close();
    await listener.close();
  });
});
