import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** A user has 5,000 requests an hour, and 30 searches a minute (docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'github-hourly',
    match: { provider: 'github' },
    per: 'credential',
    limit: 5_000,
    window: '1h',
    burst: 100,
  },
  {
    id: 'github-search',
    match: { provider: 'github', tool: 'github_search_issues' },
    per: 'credential',
    limit: 30,
    window: '1m',
    burst: 5,
  },
];
