import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** An account has a hundred requests a second in live mode, and twenty searches (docs.stripe.com/rate-limits). */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'stripe-account',
    match: { provider: 'stripe' },
    per: 'credential',
    limit: 100,
    window: '1s',
    burst: 25,
  },
  {
    id: 'stripe-search',
    match: { provider: 'stripe', tool: 'stripe_search_customers' },
    per: 'credential',
    limit: 20,
    window: '1s',
    burst: 5,
  },
];
