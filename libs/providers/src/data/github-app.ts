import { days } from '../lifetimes.js';
import { defineProvider } from '../provider.js';
import { github } from './github.js';

/** A GitHub App that acts for a user. Its permissions belong to the app, so its tokens have no scopes. */
export const githubApp = defineProvider({
  id: 'github-app',
  name: 'GitHub (GitHub App)',
  alternativeTo: 'github',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://github.com/login/oauth/authorize',
    tokenUrl: 'https://github.com/login/oauth/access_token',
    tokenHeaders: { accept: 'application/json' },
    // The answer holds an empty `scope`. Errors come with status 200.
    tokenAnswer: { scope: false, error: '/error' },
    errors: {
      permanent: ['bad_refresh_token', 'bad_verification_code'],
      client: ['incorrect_client_credentials', 'redirect_uri_mismatch', 'application_suspended'],
    },
    refresh: { rotates: 'always', endsAccessToken: true, idleMs: days(180) },
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
  hosts: github.hosts,
  baseUrl: 'https://api.github.com',
  credential: github.credential,
  identity: { from: 'request', url: 'https://api.github.com/user', id: '/id', name: '/login' },
  sources: [
    {
      fact: '8 hours, 6 months, one use, and the end of the old access token',
      url: 'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens',
      checked: '2026-11-22',
    },
    {
      fact: 'errors with status 200',
      url: 'https://github.com/orgs/community/discussions/24745',
      checked: '2026-11-22',
    },
    {
      fact: 'the grant of a user ends with DELETE and the client in Basic',
      url: 'https://docs.github.com/en/rest/apps/oauth-applications',
      checked: '2026-11-30',
    },
  ],
});
