import { defineProvider } from '../provider.js';

export const notion = defineProvider({
  id: 'notion',
  name: 'Notion',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://api.notion.com/v1/oauth/authorize',
    tokenUrl: 'https://api.notion.com/v1/oauth/token',
    clientAuth: 'basic',
    bodyFormat: 'json',
    // Notion refuses a body with members that it does not know.
    pkce: 'off',
    authorizeParameters: { owner: 'user' },
    // The user chooses pages, not scopes. `code` names an error of the API.
    tokenAnswer: { scope: false, error: ['/error', '/code'] },
    errors: {
      client: ['unauthorized'],
      transient: ['rate_limited', 'internal_server_error', 'service_unavailable'],
    },
    // Connections from before rotation have no refresh token, and their access token has no end.
    refresh: { rotates: 'always' },
    revocation: {
      url: 'https://api.notion.com/v1/oauth/revoke',
      bodyFormat: 'json',
      headers: { 'notion-version': '2025-09-03' },
      tokens: ['access'],
    },
  },
  hosts: ['api.notion.com'],
  baseUrl: 'https://api.notion.com/v1',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'token', id: ['/workspace_id', '/owner/user/id'], name: '/workspace_name' },
  sources: [
    {
      fact: 'a refresh gives a new refresh token',
      url: 'https://developers.notion.com/reference/refresh-a-token',
      checked: '2026-11-22',
    },
    {
      fact: 'Basic, JSON, and the members of the answer',
      url: 'https://developers.notion.com/docs/authorization',
      checked: '2026-11-30',
    },
    {
      fact: 'revocation in JSON with a version',
      url: 'https://developers.notion.com/reference/revoke-token',
      checked: '2026-11-30',
    },
  ],
});
