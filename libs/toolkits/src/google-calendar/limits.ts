import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * A user of a project has 600 requests in any minute, and a project 10,000 over all its users
 * (developers.google.com/workspace/calendar/api/guides/quota). Bursts count too.
 */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'google-calendar-user',
    match: { provider: 'google_calendar' },
    per: 'credential',
    limit: 540,
    window: '1m',
    burst: 60,
  },
  {
    id: 'google-calendar-project',
    match: { provider: 'google_calendar' },
    per: 'provider',
    limit: 9_500,
    window: '1m',
    burst: 500,
  },
];
