import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * Limits of HubSpot.
 *
 * A marketplace app has 110 requests in ten seconds for each account. A privately distributed app has 100 for a free
 * or Starter account (developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines). Nine a second and ten
 * at once stay within both.
 *
 * An account has five searches a second over all kinds of records
 * (developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm). The policies allow two of contacts, two of
 * companies and one of deals in any second. Two connections to one account are counted separately.
 */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'hubspot-account',
    match: { provider: 'hubspot' },
    per: 'credential',
    limit: 9,
    window: '1s',
    burst: 10,
  },
  {
    id: 'hubspot-search-contacts',
    match: { provider: 'hubspot', tool: 'hubspot_search_contacts' },
    per: 'credential',
    limit: 1,
    window: '1s',
    burst: 1,
  },
  {
    id: 'hubspot-search-companies',
    match: { provider: 'hubspot', tool: 'hubspot_search_companies' },
    per: 'credential',
    limit: 1,
    window: '1s',
    burst: 1,
  },
  {
    id: 'hubspot-search-deals',
    match: { provider: 'hubspot', tool: 'hubspot_search_deals' },
    per: 'credential',
    limit: 50,
    window: '1m',
    burst: 1,
  },
];
