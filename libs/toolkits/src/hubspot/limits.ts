import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/** An app has 100 requests in ten seconds for each account, and four searches a second
 * (developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines). */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'hubspot-account',
    match: { provider: 'hubspot' },
    per: 'credential',
    limit: 10,
    window: '1s',
    burst: 30,
  },
  {
    id: 'hubspot-search-contacts',
    match: { provider: 'hubspot', tool: 'hubspot_search_contacts' },
    per: 'credential',
    limit: 4,
    window: '1s',
    burst: 4,
  },
];
