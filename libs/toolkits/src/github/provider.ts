import { oauthScopes } from '../oauth-scopes.js';

/** GitHub's REST API: https://docs.github.com/rest. */
export const provider = { slug: 'github', baseUrl: 'https://api.github.com' } as const;

/** The connection of the user, with these scopes. */
export const scopes = oauthScopes('github_oauth');

/** The version of the API that these tools are written against. */
export const headers = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
} as const;
