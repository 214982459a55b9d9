import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * An app has 65,000 points an hour over all its sites, of which reading an issue costs two and a write one; GET and POST of one endpoint
 * may come 100 times a second, PUT and DELETE 50 times (developer.atlassian.com/cloud/jira/platform/rate-limiting, March 2026). A
 * request counts as one here, so that the hour is cut to what reads cost; ten a second for each user is a choice of ours.
 */
export const limits: readonly LimitPolicy[] = [
  { id: 'jira-app', match: { provider: 'jira' }, per: 'provider', limit: 30_000, window: '1h', burst: 200 },
  { id: 'jira-user', match: { provider: 'jira' }, per: 'credential', limit: 10, window: '1s', burst: 20 },
];
