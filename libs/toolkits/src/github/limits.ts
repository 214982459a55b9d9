import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** Writes that notify people count against 80 a minute and 500 an hour in all. These four tools share that limit. */
const creating = ['create_issue', 'create_comment', 'create_pull_request', 'request_reviewers'].flatMap(
  (tool): LimitPolicy[] => [
    {
      id: `github-${tool.replaceAll('_', '-')}-minute`,
      match: { provider: 'github', tool: `github_${tool}` },
      per: 'credential',
      limit: 20,
      window: '1m',
      burst: 10,
    },
    {
      id: `github-${tool.replaceAll('_', '-')}-hour`,
      match: { provider: 'github', tool: `github_${tool}` },
      per: 'credential',
      limit: 125,
      window: '1h',
      burst: 20,
    },
  ],
);

/**
 * A user has 5,000 requests an hour, and 30 searches a minute
 * (docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 */
export const limits: readonly LimitPolicy[] = [
  ...creating,
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
