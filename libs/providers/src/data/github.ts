import { defineProvider } from '../provider.js';

/** A GitHub OAuth App: classic tokens without an end, or with one where the app asks for it. */
export const github = defineProvider({
  id: 'github',
  name: 'GitHub (OAuth app)',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://github.com/login/oauth/authorize',
    tokenUrl: 'https://github.com/login/oauth/access_token',
    // Its default answer is a form.
    tokenHeaders: { accept: 'application/json' },
    // Errors come with status 200.
    tokenAnswer: { error: '/error' },
    errors: {
      permanent: ['bad_refresh_token', 'bad_verification_code'],
      client: ['incorrect_client_credentials', 'redirect_uri_mismatch', 'application_suspended'],
    },
    refresh: { rotates: 'sometimes' },
    revocation: {
      url: 'https://api.github.com/applications/{client_id}/grant',
      method: 'DELETE',
      auth: 'basic',
      parameter: 'access_token',
      bodyFormat: 'json',
      headers: { accept: 'application/vnd.github+json' },
      tokens: ['access'],
    },
  },
  scopes: ['repo', 'read:user'],
  impliedScopes: {
    repo: ['public_repo', 'repo:status', 'repo_deployment', 'repo:invite', 'security_events'],
    user: ['read:user', 'user:email', 'user:follow'],
    'admin:org': ['write:org', 'read:org'],
    'write:org': ['read:org'],
    project: ['read:project'],
    'write:packages': ['read:packages'],
  },
  hosts: ['api.github.com', 'uploads.github.com'],
  baseUrl: 'https://api.github.com',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'request', url: 'https://api.github.com/user', id: '/id', name: '/login' },
  sources: [
    {
      fact: 'endpoints, and the form of the answer by the header accept',
      url: 'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
      checked: '2026-11-30',
    },
    {
      fact: 'the scopes that include others',
      url: 'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps',
      checked: '2026-11-30',
    },
    {
      fact: 'the grant of a user ends with DELETE and the client in Basic',
      url: 'https://docs.github.com/en/rest/apps/oauth-applications',
      checked: '2026-11-30',
    },
    {
      fact: 'an OAuth app can have tokens with an end',
      url: 'https://github.com/orgs/community/discussions/210540',
      checked: '2026-11-22',
    },
  ],
});
