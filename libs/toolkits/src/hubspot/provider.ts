import { oauthScopes } from '../oauth-scopes.js';

/** HubSpot's CRM API: https://developers.hubspot.com/docs/api-reference. */
export const provider = { slug: 'hubspot', baseUrl: 'https://api.hubapi.com' } as const;

/** The connection of the user, with these scopes. */
export const scopes = oauthScopes('hubspot_oauth');
