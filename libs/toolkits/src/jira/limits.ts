import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** Jira counts points and says no number for a request; 429 comes with Retry-After (developer.atlassian.com/cloud/jira/platform/rate-limiting). Ten a
 * second is what it bears for a user, and the governor learns the rest from its answers. */
export const limits: readonly LimitPolicy[] = [
  { id: 'jira-user', match: { provider: 'jira' }, per: 'credential', limit: 10, window: '1s', burst: 20 },
];
