import { z } from 'zod';

import { oauthScopes } from '../oauth-scopes.js';

/** HubSpot's CRM API of 2026-03: https://developers.hubspot.com/docs/api-reference/2026-03/overview. */
export const provider = { slug: 'hubspot', baseUrl: 'https://api.hubapi.com' } as const;

/** Makes a tool's `security`: the user's connection with these scopes. */
export const scopes = oauthScopes('hubspot_oauth');

/**
 * The input of every search in the CRM: https://developers.hubspot.com/docs/api-reference/2026-03/crm/search-the-crm.
 */
export const searchInput = z.strictObject({
  query: z.string().max(3_000).optional().describe('Words to look for in the searchable properties.'),
  filterGroups: z
    .array(
      z.strictObject({
        filters: z
          .array(
            z.strictObject({
              propertyName: z.string(),
              operator: z.enum([
                'EQ',
                'NEQ',
                'LT',
                'LTE',
                'GT',
                'GTE',
                'BETWEEN',
                'IN',
                'NOT_IN',
                'HAS_PROPERTY',
                'NOT_HAS_PROPERTY',
                'CONTAINS_TOKEN',
                'NOT_CONTAINS_TOKEN',
              ]),
              value: z.string().optional().describe('What it is compared with; the lower end with BETWEEN.'),
              highValue: z.string().optional().describe('The upper end with BETWEEN.'),
              values: z.array(z.string()).optional().describe('With IN and NOT_IN.'),
            }),
          )
          .max(6),
      }),
    )
    .max(5)
    .optional()
    .describe('Groups of which one has to hold; within a group all filters have to.'),
  sorts: z
    .array(z.strictObject({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']) }))
    .max(1)
    .optional()
    .describe('The order, by one property. Default the oldest first.'),
  properties: z.array(z.string()).optional().describe('Which properties to return.'),
  limit: z.int().min(1).max(200).optional().describe('How many at most. Default 10.'),
  after: z.string().optional().describe('paging.next.after of the page before.'),
});
