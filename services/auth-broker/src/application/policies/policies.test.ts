import { policyKey, type PolicyRule } from '@action-mesh/contracts/auth-broker';
import { FakeClock } from '@action-mesh/kernel/testing';

import { callerAs } from '../administration.fake.js';
import { FakePublishedTopic } from '../published-topic.fake.js';
import { FakePolicyStore } from './policy-store.fake.js';
import { PublishPolicies } from './publish-policies.js';
import { PutPolicy } from './put-policy.js';
import { RemovePolicy } from './remove-policy.js';
import { ShowPolicies } from './show-policies.js';

const owner = callerAs('owner');
const ofGlobex = callerAs('owner', 'globex');
const ask = {
  decision: 'ask',
  match: { tool: 'gmail_*', arguments: [{ pointer: '/to', op: 'not_in', value: ['bob@example.com'] }] },
  reason: 'A person approves mail to strangers.',
};

function stage() {
  const clock = new FakeClock();
  const store = new FakePolicyStore();
  const topic = new FakePublishedTopic<PolicyRule>(policyKey);
  const publish = new PublishPolicies(store, topic, clock);
  return {
    clock,
    store,
    topic,
    put: new PutPolicy(store, publish, clock),
    remove: new RemovePolicy(store, publish, clock),
    show: new ShowPolicies(store, publish),
  };
}

describe('PutPolicy', () => {
  it('creates a policy of the tenant and publishes it', async () => {
    const { put, topic, clock } = stage();
    const view = await put.run(owner, 'strangers', ask);
    const rule = {
      ...ask,
      id: 'strangers',
      tenant_id: 'acme',
      revision: 1,
      created_by: 'owner-of-acme',
      at: new Date(clock.now()).toISOString(),
    };
    expect(view).toEqual({ ...rule, published: true });
    expect(topic.values.get('acme/strangers')).toEqual(rule);
  });

  it('raises the revision with each change, and not with a repetition', async () => {
    const { put, topic } = stage();
    await put.run(owner, 'strangers', ask);
    await expect(put.run(owner, 'strangers', { ...ask, revision: 1 })).resolves.toMatchObject({
      revision: 1,
    });
    expect(topic.publications).toHaveLength(1);
    const changed = { ...ask, decision: 'deny' };
    await expect(put.run(owner, 'strangers', changed)).resolves.toMatchObject({
      revision: 2,
      decision: 'deny',
    });
  });

  it('refuses a change of another revision than the one read', async () => {
    const { put, store } = stage();
    await put.run(owner, 'strangers', ask);
    for (const revision of [0, 2])
      await expect(put.run(owner, 'strangers', { ...ask, decision: 'deny', revision })).rejects.toMatchObject(
        {
          code: 'AUTH_BROKER_CONFLICT',
          message: expect.stringContaining('the policy has the revision 1') as string,
        },
      );
    await expect(put.run(owner, 'new', { ...ask, revision: 3 })).rejects.toThrow('does not exist');
    expect(store.policies.get('acme/strangers')?.decision).toBe('ask');
    await expect(put.run(owner, 'new', { ...ask, revision: 0 })).resolves.toMatchObject({ revision: 1 });
  });

  it('needs policies:admin', async () => {
    const { put } = stage();
    for (const role of ['agent', 'viewer', 'approver', 'author', 'operator'] as const)
      await expect(put.run(callerAs(role), 'one', ask)).rejects.toMatchObject({ scopes: ['policies:admin'] });
  });

  it('says so when the tenant has as many policies as it may have, or does not exist', async () => {
    const { put, store } = stage();
    store.mostPolicies = 1;
    await put.run(owner, 'one', ask);
    await expect(put.run(owner, 'two', ask)).rejects.toMatchObject({ code: 'AUTH_BROKER_CONFLICT' });
    await expect(put.run(owner, 'one', { ...ask, reason: 'x' })).resolves.toBeDefined();
    await expect(put.run(callerAs('owner', 'nobody'), 'one', ask)).rejects.toMatchObject({
      code: 'AUTH_BROKER_UNKNOWN',
    });
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, '/decision'],
    ['an unknown decision', { ...ask, decision: 'maybe' }, '/decision'],
    ['no reason', { ...ask, reason: '' }, '/reason'],
    ['a tenant of its choice', { ...ask, tenant_id: 'globex' }, 'tenant_id'],
    ['an author of its choice', { ...ask, created_by: 'eve' }, 'created_by'],
    [
      'an expiry without a question',
      { ...ask, decision: 'deny', expires_after_seconds: 5 },
      '/expires_after',
    ],
    ['a reason with NUL', { ...ask, reason: 'a\u0000b' }, '/reason'],
    ['a value with a lone surrogate', { ...ask, match: { user_id: '\ud800' } }, '/match/user_id'],
    ['an unknown property of calls', { ...ask, match: { planet: 'earth' } }, 'planet'],
    [
      'a regular expression',
      { ...ask, match: { arguments: [{ pointer: '/to', op: 'matches', value: '(a+)+' }] } },
      '/match/arguments/0/op',
    ],
    [
      'too many conditions',
      { ...ask, match: { arguments: Array.from({ length: 21 }, () => ({ pointer: '/a', op: 'exists' })) } },
      '/match/arguments',
    ],
    [
      'a policy that is too large',
      {
        ...ask,
        match: {
          arguments: [{ pointer: '/a', op: 'in', value: Array.from({ length: 200 }, () => 'x'.repeat(99)) }],
        },
      },
      'must have at most 16384 characters',
    ],
  ])('refuses %s', async (_, body, place) => {
    const { put, store } = stage();
    const refused = put.run(owner, 'one', body);
    await expect(refused).rejects.toMatchObject({ code: 'AUTH_BROKER_INVALID' });
    await expect(refused).rejects.toThrow(place);
    expect(store.policies.size).toBe(0);
  });

  it.each(['', 'A', '-a', 'a/b', 'a'.repeat(64), '..'])('refuses the id %j', async (id) => {
    await expect(stage().put.run(owner, id, ask)).rejects.toThrow('/id');
  });
});

describe('RemovePolicy', () => {
  it('removes a policy, whose revisions go on when it is put again', async () => {
    const { put, remove, topic } = stage();
    await put.run(owner, 'strangers', ask);
    await remove.run(owner, 'strangers', { revision: '1' });
    expect(topic.values.size).toBe(0);
    await expect(remove.run(owner, 'strangers', {})).rejects.toThrow('no such policy');
    await expect(put.run(owner, 'strangers', ask)).resolves.toMatchObject({ revision: 2 });
  });

  it('refuses another revision, another tenant and another role', async () => {
    const { put, remove, store } = stage();
    await put.run(owner, 'strangers', ask);
    await expect(remove.run(owner, 'strangers', { revision: '2' })).rejects.toMatchObject({
      code: 'AUTH_BROKER_CONFLICT',
    });
    await expect(remove.run(owner, 'strangers', { revision: 'x' })).rejects.toThrow('/revision');
    await expect(remove.run(ofGlobex, 'strangers', {})).rejects.toThrow(/^there is no such policy$/);
    await expect(remove.run(callerAs('operator'), 'strangers', {})).rejects.toMatchObject({
      scopes: ['policies:admin'],
    });
    expect(store.policies.size).toBe(1);
  });
});

describe('ShowPolicies', () => {
  it('lists the policies of the tenant in the order of their trial', async () => {
    const { put, show } = stage();
    await put.run(owner, 'a', { ...ask, decision: 'deny', match: {} });
    await put.run(owner, 'b', ask);
    await put.run(ofGlobex, 'c', ask);
    expect((await show.list(callerAs('viewer'))).map(({ id }) => id)).toEqual(['b', 'a']);
    await expect(show.run(callerAs('agent'), 'b')).resolves.toMatchObject({ id: 'b', published: true });
    await expect(show.run(owner, 'c')).rejects.toMatchObject({ code: 'AUTH_BROKER_UNKNOWN' });
    await expect(show.list(callerAs('agent', 'acme', []))).rejects.toMatchObject({ scopes: ['calls:read'] });
  });

  it('tells that a policy is not published yet', async () => {
    const { put, show, topic } = stage();
    topic.unreachable = true;
    await expect(put.run(owner, 'a', ask)).resolves.toMatchObject({ published: false });
    expect((await show.list(owner)).map(({ published }) => published)).toEqual([false]);
  });
});
