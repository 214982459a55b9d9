import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * A user of an OAuth app has 5,000 requests an hour (linear.app/developers/rate-limiting), and thirty searches for
 * issues a minute (schema documentation of searchIssues). Linear also limits the cost of a query to 10,000 points;
 * pages of fifty teams stay below that.
 */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'linear-user',
    match: { provider: 'linear' },
    per: 'credential',
    limit: 4_900,
    window: '1h',
    burst: 100,
  },
  {
    id: 'linear-search',
    match: { provider: 'linear', tool: 'linear_search_issues' },
    per: 'credential',
    limit: 25,
    window: '1m',
    burst: 5,
  },
];
