import { z } from 'zod';

import { oauthScopes } from '../oauth-scopes.js';

/**
 * Jira Cloud's REST API, version 3: https://developer.atlassian.com/cloud/jira/platform/rest/v3. An OAuth connection
 * goes through api.atlassian.com to the site with your cloud id.
 * https://api.atlassian.com/oauth/token/accessible-resources returns the cloud id; CATALOG_PROVIDER_URLS replaces
 * `your-cloud-id` with it.
 */
export const provider = {
  slug: 'jira',
  baseUrl: 'https://api.atlassian.com/ex/jira/your-cloud-id/rest/api/3',
} as const;

/** Makes a tool's `security`: the user's connection with these scopes. */
export const scopes = oauthScopes('atlassian_oauth');

/** Rich text in Atlassian's document format (ADF). */
export const adf = z
  .strictObject({
    type: z.literal('doc'),
    version: z.literal(1),
    content: z.array(z.looseObject({ type: z.string() })),
  })
  .describe('Rich text in Atlassian document format: paragraphs with text nodes.');
