import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * Limits of Jira.
 *
 * An app has 65,000 points an hour over all its sites. Reading an issue costs two points and a write one. One
 * endpoint takes 100 GET or POST requests a second, and 50 PUT or DELETE requests
 * (developer.atlassian.com/cloud/jira/platform/rate-limiting, March 2026).
 *
 * A request counts as one here, so the hourly limit assumes the cost of a read. Ten a second for each user is our own
 * choice.
 */
export const limits: readonly LimitPolicy[] = [
  { id: 'jira-app', match: { provider: 'jira' }, per: 'provider', limit: 30_000, window: '1h', burst: 200 },
  { id: 'jira-user', match: { provider: 'jira' }, per: 'credential', limit: 10, window: '1s', burst: 20 },
];
