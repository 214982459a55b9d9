import { oauthScopes } from '../oauth-scopes.js';

/** GitHub's REST API: https://docs.github.com/rest. */
export const provider = { slug: 'github', baseUrl: 'https://api.github.com' } as const;

/** Makes a tool's `security`: the user's connection with these scopes. */
export const scopes = oauthScopes('github_oauth');

/** Headers that fix the version of the API. These tools are written against it. */
export const headers = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
} as const;
