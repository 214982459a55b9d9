import { policyOf, sampleSubject } from '../../test/governor-samples.js';
import { countedBy, PolicyIndex } from './policy-index.js';

const idsOf = (index: PolicyIndex, changes = {}): string[] =>
  index
    .matching(sampleSubject(changes))
    .map(({ policy }) => policy.id)
    .sort();

describe('the policy index', () => {
  it('finds every policy that matches a request', () => {
    const index = new PolicyIndex();
    index.put(policyOf({ id: 'all', match: {} }));
    index.put(policyOf({ id: 'provider', match: { provider: 'slack' } }));
    index.put(policyOf({ id: 'tool', match: { tool: 'slack_post_message', provider: 'slack' } }));
    index.put(policyOf({ id: 'tenant', match: { tenant: 'acme' } }));
    index.put(policyOf({ id: 'user', match: { tenant: 'acme', user: 'ada' } }));
    index.put(policyOf({ id: 'other-tenant', match: { tenant: 'globex', user: 'ada' } }));
    index.put(policyOf({ id: 'other-provider', match: { provider: 'crm' } }));
    expect(idsOf(index)).toEqual(['all', 'provider', 'tenant', 'tool', 'user']);
    expect(idsOf(index, { tenantId: 'globex', provider: 'crm', tool: 'x' })).toEqual([
      'all',
      'other-provider',
      'other-tenant',
    ]);
  });

  it('replaces a policy, also one with a new match, and removes it', () => {
    const index = new PolicyIndex();
    index.put(policyOf({ id: 'one', match: { provider: 'slack' } }));
    index.put(policyOf({ id: 'one', match: { tenant: 'acme' }, limit: 7 }));
    expect(index.matching(sampleSubject()).map(({ policy }) => policy.limit)).toEqual([7]);
    index.remove('one');
    index.remove('never-there');
    expect(idsOf(index)).toEqual([]);
  });

  it('counts by the unit of the policy', () => {
    const index = new PolicyIndex();
    const counted = (['tenant', 'credential', 'provider', 'tool'] as const).map((per) => {
      index.put(policyOf({ per }));
      return index.matching(sampleSubject()).map((compiled) => countedBy(compiled, sampleSubject()));
    });
    expect(counted.flat()).toEqual(['acme', 'acme/ada/slack', 'slack', 'slack_post_message']);
  });

  it('defaults the burst to a tenth of the limit, at least one', () => {
    const index = new PolicyIndex();
    const { burst: _, ...without } = policyOf();
    for (const limit of [5, 100]) index.put({ ...without, id: `of-${limit}`, limit });
    expect([...index.all()].map(({ rate }) => rate.burst)).toEqual([1, 10]);
  });

  it('starts a new count for another rate', () => {
    const index = new PolicyIndex();
    index.put(policyOf({ limit: 10 }));
    const [before] = index.matching(sampleSubject());
    index.put(policyOf({ limit: 20 }));
    const [after] = index.matching(sampleSubject());
    expect(after?.revision).not.toBe(before?.revision);
  });
});
