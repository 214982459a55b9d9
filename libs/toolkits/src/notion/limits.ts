import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** A connection has three requests a second on average, with some bursts (developers.notion.com/reference/request-limits). */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'notion-connection',
    match: { provider: 'notion' },
    per: 'credential',
    limit: 3,
    window: '1s',
    burst: 10,
  },
];
