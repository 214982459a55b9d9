import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** A user of an OAuth app has 1,200 requests an hour (linear.app/developers/rate-limiting); how much each may ask is limited apart from that. */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'linear-user',
    match: { provider: 'linear' },
    per: 'credential',
    limit: 1_200,
    window: '1h',
    burst: 60,
  },
];
