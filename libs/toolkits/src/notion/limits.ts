import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * A connection has 180 requests in a window of 60 seconds, and 600 in workspaces of the Business and Enterprise plans
 * (developers.notion.com/reference/request-limits). All connections of a workspace also share a limit that Notion
 * does not publish. These policies stay within the smallest plan.
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
