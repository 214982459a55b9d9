import type { PolicyMatch, PolicyRule } from '@action-mesh/contracts/auth-broker';
import { policyRuleSchema } from '@action-mesh/contracts/auth-broker';
import * as fc from 'fast-check';

import { sampleFacts, samplePolicy } from './policy-samples.fake.js';
import { PolicySet } from './policy-set.js';

const key = '0123456789abcdef';

function setOf(...rules: readonly PolicyRule[]): PolicySet {
  const policies = new PolicySet();
  for (const rule of rules) policies.put(rule);
  return policies;
}

describe('policies', () => {
  it('allow every call of a tenant without rules, and say so (PO3)', () => {
    const policies = setOf(samplePolicy('closed', { tenant_id: 'globex' }));
    expect(policies.areAny('acme')).toBe(false);
    expect(policies.decide(sampleFacts())).toEqual({
      decision: 'allow',
      explained: 'No policy of the tenant matches the call, so it is allowed.',
    });
  });

  it('never apply to calls of another tenant (PO1)', () => {
    const policies = setOf(
      samplePolicy('closed'),
      samplePolicy('open', { tenant_id: 'globex', decision: 'allow' }),
    );
    expect(policies.decide(sampleFacts()).decision).toBe('deny');
    expect(policies.decide(sampleFacts({ tenantId: 'globex' })).rule?.id).toBe('open');
  });

  it('deny every call of a tenant with a policy that cannot be read, until it is replaced (PO6)', () => {
    const policies = setOf(samplePolicy('open', { decision: 'allow' }));
    policies.cannotRead('acme/open');
    policies.cannotRead('no key of a policy');
    expect(policies.areAny('acme')).toBe(true);
    expect(policies.decide(sampleFacts())).toMatchObject({ decision: 'deny' });
    expect(policies.decide(sampleFacts({ tenantId: 'globex' })).decision).toBe('allow');
    policies.put(samplePolicy('open', { decision: 'allow' }));
    expect(policies.decide(sampleFacts()).decision).toBe('allow');
    policies.cannotRead('acme/other');
    policies.remove('acme/other');
    expect(policies.decide(sampleFacts()).decision).toBe('allow');
  });

  it('explain the decision without values of arguments', () => {
    const policies = setOf(
      samplePolicy('strangers', {
        decision: 'ask',
        revision: 3,
        reason: 'Mail to strangers needs a person.',
        match: {
          tool: 'gmail_*',
          user_id: 'ada',
          arguments: [{ pointer: '/to', op: 'equals', value: 'bob@example.com' }],
        },
      }),
    );
    expect(policies.decide(sampleFacts())).toEqual({
      decision: 'ask',
      rule: { id: 'strangers', revision: 3, reason: 'Mail to strangers needs a person.' },
      explained:
        'A person has to approve the call. Policy strangers (revision 3) matches by argument /to, tool gmail_*, its user.',
      expiresAfterMs: 3_600_000,
    });
    policies.put(samplePolicy('all', { decision: 'ask', expires_after_seconds: 60 }));
    expect(policies.decide(sampleFacts({ userId: 'bob' }))).toMatchObject({
      explained:
        'A person has to approve the call. Policy all (revision 1) matches every call of the tenant.',
      expiresAfterMs: 60_000,
    });
  });

  it.each<[string, PolicyMatch, PolicyMatch]>([
    [
      'two argument conditions before one',
      {
        arguments: [
          { pointer: '/to', op: 'exists' },
          { pointer: '/x', op: 'absent' },
        ],
      },
      { tool: 'gmail_send', arguments: [{ pointer: '/to', op: 'exists' }] },
    ],
    [
      'an argument condition before a tool',
      { arguments: [{ pointer: '/to', op: 'exists' }] },
      { tool: 'gmail_send', key_id: key },
    ],
    ['an exact tool before a prefix', { tool: 'gmail_send' }, { tool: 'gmail_sen*', key_id: key }],
    ['a longer prefix before a shorter one', { tool: 'gmail_*' }, { tool: 'g*', key_id: key }],
    ['a prefix before a key', { tool: 'g*' }, { key_id: key, user_id: 'ada' }],
    ['a key before a user', { key_id: key }, { user_id: 'ada', agent_id: 'writer' }],
    ['a user before an agent', { user_id: 'ada' }, { agent_id: 'writer', effect_class: 'opaque' }],
    ['an agent before an effect class', { agent_id: 'writer' }, { effect_class: 'opaque' }],
    ['an effect class before the whole tenant', { effect_class: 'opaque' }, {}],
  ])('put %s (PO2)', (_, specific, general) => {
    // The ids and decisions would decide the other way around.
    const policies = setOf(
      samplePolicy('z', { match: specific, decision: 'allow' }),
      samplePolicy('a', { match: general, decision: 'deny' }),
    );
    expect(policies.decide(sampleFacts()).rule?.id).toBe('z');
    expect(policies.matching(sampleFacts())?.map(({ id }) => id)).toEqual(['z', 'a']);
  });

  it('deny before they ask, ask before they allow, and then go by id (PO2)', () => {
    const policies = setOf(
      samplePolicy('b', { decision: 'deny' }),
      samplePolicy('c', { decision: 'deny' }),
      samplePolicy('a', { decision: 'ask' }),
      samplePolicy('0', { decision: 'allow' }),
    );
    expect(policies.list('acme').map(({ id }) => id)).toEqual(['b', 'c', 'a', '0']);
    expect(policies.decide(sampleFacts()).rule?.id).toBe('b');
    policies.remove('acme/b');
    policies.remove('acme/c');
    expect(policies.decide(sampleFacts()).decision).toBe('ask');
  });

  it('forget a removed rule, and replace one with the same id', () => {
    const policies = setOf(samplePolicy('one'), samplePolicy('one', { decision: 'ask', revision: 2 }));
    expect(policies.decide(sampleFacts()).rule?.revision).toBe(2);
    policies.remove('acme/unknown');
    policies.remove('globex/one');
    expect(policies.areAny('acme')).toBe(true);
    policies.remove('acme/one');
    expect(policies.areAny('acme')).toBe(false);
    expect(policies.decide(sampleFacts()).rule).toBeUndefined();
    expect(policies.keys()).toEqual([]);
  });

  it('are complete once they were told', () => {
    const policies = new PolicySet();
    expect(policies.isComplete).toBe(false);
    policies.complete();
    expect(policies.isComplete).toBe(true);
  });

  it.each([
    ['a key', { key_id: key }, { keyId: undefined }],
    ['a user', { user_id: 'ada' }, { userId: 'ada2' }],
    ['an agent', { agent_id: 'writer' }, { agentId: undefined }],
    ['a tool', { tool: 'gmail_send' }, { tool: 'gmail_send2' }],
    ['a prefix', { tool: 'gmail_*' }, { tool: 'gmail' }],
    ['an effect class', { effect_class: 'opaque' as const }, { effectClass: 'read' }],
  ])('of %s select no other call', (_, match, other) => {
    const policies = setOf(samplePolicy('one', { match }));
    expect(policies.decide(sampleFacts()).decision).toBe('deny');
    expect(policies.decide(sampleFacts(other)).decision).toBe('allow');
  });
});

describe('policies in any order', () => {
  const condition = fc.constantFrom(
    { pointer: '/to', op: 'exists' as const },
    { pointer: '/to', op: 'ends_with' as const, value: '@example.com' },
    { pointer: '/amount', op: 'greater_than' as const, value: 10 },
    { pointer: '/amount', op: 'less_than' as const, value: 10 },
    { pointer: '/tags', items: 'any' as const, op: 'equals' as const, value: 'a' },
  );
  const maybe = <Value>(...values: readonly Value[]) =>
    fc.option(fc.constantFrom(...values), { nil: undefined });
  const match = fc
    .record({
      key_id: maybe(key, 'fedcba9876543210'),
      user_id: maybe('ada', 'bob'),
      agent_id: maybe('writer', 'reader'),
      tool: maybe('gmail_send', 'gmail_read', 'gmail_*', 'slack_*'),
      effect_class: maybe('opaque' as const, 'read' as const),
      arguments: fc.option(fc.array(condition, { minLength: 1, maxLength: 3 }), { nil: undefined }),
    })
    .map(
      (members) =>
        Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as PolicyMatch,
    );
  const rules = fc
    .uniqueArray(
      fc.record({
        id: fc.stringMatching(/^[a-d][0-9]$/),
        match,
        decision: fc.constantFrom('allow', 'ask', 'deny'),
      }),
      { selector: ({ id }) => id, maxLength: 12 },
    )
    .map((parts) => parts.map(({ id, ...more }) => samplePolicy(id, more)));
  const facts = fc
    .record({
      keyId: maybe(key, 'fedcba9876543210'),
      userId: fc.constantFrom('ada', 'bob'),
      agentId: maybe('writer', 'reader'),
      tool: fc.constantFrom('gmail_send', 'gmail_read', 'slack_post'),
      effectClass: fc.constantFrom('opaque', 'read'),
      arguments: fc.record({
        to: fc.constantFrom('bob@example.com', 'eve@evil.example', 1),
        amount: fc.constantFrom(5, 10, 20, '20'),
      }),
    })
    .map((given) => sampleFacts(given));

  it('decide alike (PO4), whatever other tenants have (PO1)', () => {
    fc.assert(
      fc.property(
        rules,
        facts,
        fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
        fc.boolean(),
        (list, call, numbers, warm) => {
          const shuffled = list
            .map((rule, index) => ({ rule, at: numbers[index] ?? 0 }))
            .sort((left, right) => left.at - right.at)
            .map(({ rule }) => rule);
          const other = setOf();
          for (const rule of shuffled) {
            other.put({ ...rule, tenant_id: 'globex', decision: 'deny', match: {} });
            // A set that has already decided forgets its order with each change.
            if (warm) other.decide(call);
            other.put(rule);
          }
          const policies = setOf(...list);
          expect(other.decide(call)).toEqual(policies.decide(call));
          expect(other.matching(call)).toEqual(policies.matching(call));
          expect(policies.matching(call)?.[0]?.id).toBe(policies.decide(call).rule?.id);
        },
      ),
    );
  });

  it('let the most specific rule win: a rule with one more condition comes before its former self (PO2)', () => {
    fc.assert(
      fc.property(rules, facts, (list, call) => {
        const policies = setOf(...list);
        const winner = policies.matching(call)?.[0];
        fc.pre(winner !== undefined);
        const conditions = [
          ...(winner.match.arguments ?? []),
          { pointer: '/missing', op: 'absent' as const },
        ];
        const narrower = samplePolicy('zz', {
          ...winner,
          id: 'zz',
          decision: 'allow',
          match: { ...winner.match, arguments: conditions },
        });
        policies.put(narrower);
        expect(policies.decide(call).rule?.id).toBe('zz');
      }),
    );
  });

  it('decide as a plain search over all rules does', () => {
    fc.assert(
      fc.property(rules, facts, (list, call) => {
        const alone = list.filter((rule) => setOf(rule).decide(call).rule !== undefined).map(({ id }) => id);
        expect(
          setOf(...list)
            .matching(call)
            ?.map(({ id }) => id)
            .sort(),
        ).toEqual(alone.sort());
      }),
    );
  });
});

describe('a policy as it is published', () => {
  it.each([
    ['an unknown operation', { pointer: '/to', op: 'matches', value: '(a+)+$' }],
    ['a pointer without a slash', { pointer: 'to', op: 'exists' }],
    ['a pointer to the whole document', { pointer: '', op: 'exists' }],
    ['a pointer with a lone tilde', { pointer: '/a~2', op: 'exists' }],
    ['a pointer without end', { pointer: '/a'.repeat(300), op: 'exists' }],
    ['a number that a double cannot hold', { pointer: '/a', op: 'equals', value: 2 ** 60 }],
    ['a bound without digits', { pointer: '/a', op: 'less_than', value: 'many' }],
    ['an empty list', { pointer: '/a', op: 'in', value: [] }],
    ['a value of an operation without one', { pointer: '/a', op: 'exists', value: 1 }],
    ['an object as a value', { pointer: '/a', op: 'equals', value: {} }],
  ])('refuses %s', (_, condition) => {
    expect(
      policyRuleSchema.safeParse({ ...samplePolicy('one'), match: { arguments: [condition] } }).success,
    ).toBe(false);
  });

  it.each(['*', 'Gmail_*', 'gmail_*_send', 'gmail.*', '_*', `${'a'.repeat(64)}*`])(
    'refuses the tool %s',
    (tool) => {
      expect(policyRuleSchema.safeParse({ ...samplePolicy('one'), match: { tool } }).success).toBe(false);
    },
  );
});
