import { limitKey, type LimitPolicy } from '@action-mesh/contracts/rate-governor';

import { limitsOfOthers, planLimitPublication, type Writings } from './publication.js';

const limitOf = (id: string, changes: Partial<LimitPolicy> = {}): LimitPolicy => ({
  id,
  match: { provider: 'crm' },
  per: 'provider',
  limit: 10,
  window: '1s',
  ...changes,
});
const here = (id: string, limit = 10): LimitPolicy => limitOf(id, { place: 'limits.json', limit });
const ofAcme = (id: string, limit = 10): LimitPolicy => limitOf(id, { owner: 'acme', limit });
const topicOf = (...limits: LimitPolicy[]): Map<string, LimitPolicy> =>
  new Map(limits.map((limit) => [limitKey(limit), limit]));
const writings = (changes: Partial<Writings>): Writings => ({
  code: [],
  places: ['limits.json'],
  api: [],
  removed: [],
  ...changes,
});

describe('a publication', () => {
  it('contains the limits that differ from the topic', () => {
    const written = writings({ code: [here('kept')], api: [ofAcme('changed', 20), ofAcme('new')] });
    expect(planLimitPublication(written, topicOf(here('kept'), ofAcme('changed')))).toEqual({
      publish: [ofAcme('changed', 20), ofAcme('new')],
      lift: [],
    });
  });

  it('contains no limit with only another order of members (Q2)', () => {
    const { id, ...rest } = here('same');
    expect(planLimitPublication(writings({ code: [{ ...rest, id }] }), topicOf(here('same')))).toEqual({
      publish: [],
      lift: [],
    });
  });

  it('contains limits of each tenant and the operator with the same id', () => {
    const all = [here('crm'), ofAcme('crm'), limitOf('crm', { owner: 'globex' })];
    const plan = planLimitPublication(writings({ code: all.slice(0, 1), api: all.slice(1) }), topicOf());
    expect(new Set(plan.publish.map(limitKey))).toEqual(new Set(['crm', 'acme/crm', 'globex/crm']));
  });
});

describe('a publication lifts (Q3)', () => {
  it('limits that are gone from its own files, and limits removed through it', () => {
    const published = topicOf(here('gone'), ofAcme('gone'), ofAcme('removed'));
    expect(planLimitPublication(writings({ removed: ['acme/removed'] }), published).lift).toEqual([
      'gone',
      'acme/removed',
    ]);
  });

  it.each<[string, LimitPolicy]>([
    ['of another file of the operator', limitOf('x', { place: 'other.json' })],
    ['of a tenant that this database does not know', ofAcme('x')],
  ])('no limit %s', (_what, policy) => {
    expect(planLimitPublication(writings({}), topicOf(policy))).toEqual({ publish: [], lift: [] });
  });

  it('no limit of another file; the limit stays and is reported', () => {
    const theirs = limitOf('x', { place: 'other.json', limit: 99 });
    const written = writings({ code: [here('x')] });
    expect(planLimitPublication(written, topicOf(theirs))).toEqual({ publish: [], lift: [] });
    expect(limitsOfOthers(written, topicOf(theirs))).toEqual([theirs]);
    expect(limitsOfOthers(written, topicOf(here('x'), ofAcme('y')))).toEqual([]);
  });
});
