import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * An app has 110 requests in ten seconds for each account that came by the marketplace, and a hundred where it is distributed privately to a free
 * or Starter account (developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines): nine a second and ten at once stay within both.
 * An account has five searches a second over all kinds of records (developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm): two of
 * contacts, two of companies and one of deals are what any second sees here. Of two connections to one account each counts alone.
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
