import { oauthScopes } from '../oauth-scopes.js';

/**
 * Salesforce's REST API: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest.
 * CATALOG_PROVIDER_URLS replaces `your-domain` with your org.
 */
export const provider = {
  slug: 'salesforce',
  baseUrl: 'https://your-domain.my.salesforce.com/services/data/v62.0',
} as const;

/** Makes a tool's `security`: the user's connection with these scopes. */
export const scopes = oauthScopes('salesforce_oauth');
