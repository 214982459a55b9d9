import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

import { planPublication, writtenLimits } from './publication.js';

const limitOf = (id: string, limit = 10): LimitPolicy => ({
  id,
  match: { provider: 'crm' },
  per: 'provider',
  limit,
  window: '1s',
});
const topicOf = (...limits: LimitPolicy[]): Map<string, LimitPolicy> =>
  new Map(limits.map((limit) => [limit.id, limit]));

describe('what has to be published', () => {
  it('is what differs from the topic, and what is gone is lifted', () => {
    const written = writtenLimits([limitOf('kept')], [limitOf('changed', 20), limitOf('new')]);
    const published = topicOf(limitOf('kept'), limitOf('changed'), limitOf('gone'));
    expect(planPublication(written, published)).toEqual({
      publish: [limitOf('changed', 20), limitOf('new')],
      lift: ['gone'],
    });
  });

  it('is nothing when only the order of members differs (Q2)', () => {
    const { id, ...rest } = limitOf('same');
    expect(planPublication(writtenLimits([], [{ ...rest, id }]), topicOf(limitOf('same')))).toEqual({
      publish: [],
      lift: [],
    });
  });

  it('is the limit in code, where both are written down (Q1)', () => {
    const written = writtenLimits([limitOf('both', 1)], [limitOf('both', 2)]);
    expect(written.get('both')).toEqual({ policy: limitOf('both', 1), source: 'code' });
  });
});
