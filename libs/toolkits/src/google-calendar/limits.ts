import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** A user of a project has 600 requests a minute (developers.google.com/workspace/calendar/api/guides/quota). */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'google-calendar-user',
    match: { provider: 'google_calendar' },
    per: 'credential',
    limit: 600,
    window: '1m',
    burst: 60,
  },
];
