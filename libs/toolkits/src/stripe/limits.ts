import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * An account has a hundred requests a second in live mode and 25 in a sandbox, each endpoint 25, and searches twenty (docs.stripe.com/rate-limits).
 * Nothing tells here which mode a connection is of, so one policy stays within the smallest of these.
 */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'stripe-account',
    match: { provider: 'stripe' },
    per: 'credential',
    limit: 20,
    window: '1s',
    burst: 5,
  },
  {
    id: 'stripe-search',
    match: { provider: 'stripe', tool: 'stripe_search_customers' },
    per: 'credential',
    limit: 15,
    window: '1s',
    burst: 5,
  },
];
