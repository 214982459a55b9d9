import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * An account has 100 requests a second in live mode and 25 in a sandbox. Each endpoint has 25 and searches have 20
 * (docs.stripe.com/rate-limits). The mode of a connection is unknown here, so one policy stays within the smallest of
 * these.
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
