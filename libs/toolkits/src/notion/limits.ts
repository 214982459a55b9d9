import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * A connection has 180 requests in a window of 60 seconds, and 600 in workspaces of the Business and Enterprise plans; all connections of a
 * workspace share a limit besides, which is not published (developers.notion.com/reference/request-limits). This stays within the smallest plan.
 */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'notion-connection',
    match: { provider: 'notion' },
    per: 'credential',
    limit: 150,
    window: '1m',
    burst: 30,
  },
];
