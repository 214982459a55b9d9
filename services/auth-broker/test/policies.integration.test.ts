import { PolicyPublished } from '@action-mesh/contracts/auth-broker';
import { CompactedTopic } from '@action-mesh/messaging';
import type { RunningService } from '@action-mesh/platform';
import { PolicySet } from '@action-mesh/policies';
import { sampleFacts } from '@action-mesh/policies/testing';
import { waitFor } from '@action-mesh/testing';
import { jest } from '@jest/globals';
import pg from 'pg';

import { askBroker, BrokerHarness, platformCaller, roleOf } from './broker-harness.js';

jest.setTimeout(120_000);

const acme = roleOf('owner', 'acme');
const globex = roleOf('owner', 'globex');
const ask = {
  decision: 'ask',
  match: {
    tool: 'gmail_*',
    arguments: [
      { pointer: '/to', op: 'not_in', value: ['bob@example.com', 1e-7, null, 9007199254740991] },
      { pointer: '/amount', op: 'less_than', value: '90071992547409931234' },
    ],
  },
  reason: 'A person approves mail to strangers.',
};
const stranger = { to: 'eve@evil.example', amount: 1 };

let harness: BrokerHarness;
let broker: RunningService;
let topic: CompactedTopic<typeof PolicyPublished.schema>;
const policies = new PolicySet();

beforeAll(async () => {
  harness = await BrokerHarness.start();
  broker = await harness.broker();
  for (const tenant of ['acme', 'globex'])
    await askBroker(broker, platformCaller, 'PUT', `/tenants/${tenant}`, {});
  topic = new CompactedTopic({
    client: { ...harness.kafka, clientId: 'follower' },
    definition: PolicyPublished,
  });
  topic.onChange((key, rule) => (rule === undefined ? policies.remove(key) : policies.put(rule)));
  await topic.ready;
});

afterAll(async () => {
  await topic.close();
  await broker.close();
  await harness[Symbol.asyncDispose]();
});

describe('a policy', () => {
  it('reaches its followers, decides there, and leaves them with its removal', async () => {
    const put = await askBroker(broker, acme, 'PUT', '/policies/strangers', ask);
    expect(put).toMatchObject({ status: 200, body: { ...ask, revision: 1, published: true } });
    expect((await askBroker(broker, acme, 'GET', '/policies/strangers')).body).toEqual(put.body);
    expect((await askBroker(broker, acme, 'GET', '/policies')).body).toEqual({ policies: [put.body] });
    await waitFor(() => policies.areAny('acme'), { what: 'the policy on its topic' });
    expect(policies.decide(sampleFacts({ arguments: stranger }))).toMatchObject({
      decision: 'ask',
      rule: { id: 'strangers', revision: 1 },
    });
    const changed = { ...ask, decision: 'deny', revision: 1 };
    await askBroker(broker, acme, 'PUT', '/policies/strangers', changed);
    await waitFor(() => policies.decide(sampleFacts({ arguments: stranger })).decision === 'deny', {
      what: 'the changed policy',
    });
    expect((await askBroker(broker, acme, 'DELETE', '/policies/strangers?revision=2')).status).toBe(204);
    await waitFor(() => !policies.areAny('acme'), { what: 'the end of the policy' });
    expect((await askBroker(broker, acme, 'GET', '/policies/strangers')).status).toBe(404);
    expect((await askBroker(broker, acme, 'PUT', '/policies/strangers', ask)).body).toMatchObject({
      revision: 3,
    });
  });

  it('belongs to its tenant alone', async () => {
    await askBroker(broker, acme, 'PUT', '/policies/ours', ask);
    expect((await askBroker(broker, globex, 'GET', '/policies')).body).toEqual({ policies: [] });
    for (const method of ['GET', 'DELETE'])
      expect(await askBroker(broker, globex, method, '/policies/ours')).toMatchObject({
        status: 404,
        body: { code: 'AUTH_BROKER_UNKNOWN' },
      });
    await askBroker(broker, globex, 'PUT', '/policies/ours', { ...ask, decision: 'deny' });
    expect((await askBroker(broker, acme, 'GET', '/policies/ours')).body).toMatchObject({ decision: 'ask' });
  });

  it('is changed by one of two callers who read the same revision', async () => {
    await askBroker(broker, acme, 'PUT', '/policies/raced', ask);
    const answers = await Promise.all(
      ['first', 'second', 'third'].map((reason) =>
        askBroker(broker, acme, 'PUT', '/policies/raced', { ...ask, reason, revision: 1 }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await askBroker(broker, acme, 'GET', '/policies/raced')).body).toMatchObject({ revision: 2 });
  });

  it('is refused beyond the thousandth of a tenant, also for callers at once', async () => {
    await askBroker(broker, platformCaller, 'PUT', '/tenants/full', {});
    const client = new pg.Client({ connectionString: harness.database.url });
    await client.connect();
    await client.query(
      `INSERT INTO auth_broker.policy (tenant_id, id, content, revision, created_by, at)
       SELECT 'full', 'p' || n, $1, 1, 'ada', now() FROM generate_series(1, 999) n`,
      [JSON.stringify(ask)],
    );
    await client.end();
    const full = roleOf('owner', 'full');
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((id) => askBroker(broker, full, 'PUT', `/policies/${id}`, ask)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    await askBroker(broker, platformCaller, 'DELETE', '/tenants/full');
    await waitFor(() => !policies.areAny('full'), { what: 'the end of the policies of a removed tenant' });
  });
});
