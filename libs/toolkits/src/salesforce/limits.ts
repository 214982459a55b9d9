import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * An org of the Enterprise edition has 100,000 requests a day, and more with each licence. It may have 25 requests at
 * once that take 20 seconds or longer, a Developer org five (developer.salesforce.com/docs, API request limits and
 * allocations). Twenty a second is our own choice.
 */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'salesforce-daily',
    match: { provider: 'salesforce' },
    per: 'tenant',
    limit: 100_000,
    window: '1d',
    burst: 1_000,
  },
  {
    id: 'salesforce-concurrency',
    match: { provider: 'salesforce' },
    per: 'tenant',
    limit: 20,
    window: '1s',
    burst: 20,
    max_concurrency: 20,
  },
];
