import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * A user has 6,000 quota units a minute in a project, or 15,000 in a project that used the API before May 2026.
 * Sending takes 100 units and reading a thread 40 (developers.google.com/workspace/gmail/api/reference/quota). A
 * request costs one here, so the policy assumes the cost of the most expensive request.
 */
export const limits: readonly LimitPolicy[] = [
  { id: 'gmail-user', match: { provider: 'gmail' }, per: 'credential', limit: 60, window: '1m', burst: 20 },
];
