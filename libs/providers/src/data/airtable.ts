import { days } from '../lifetimes.js';
import { defineProvider } from '../provider.js';

export const airtable = defineProvider({
  id: 'airtable',
  name: 'Airtable',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://airtable.com/oauth2/v1/authorize',
    tokenUrl: 'https://airtable.com/oauth2/v1/token',
    clientAuth: 'basic',
    tokenAnswer: { refreshExpiresIn: '/refresh_expires_in' },
    refresh: { rotates: 'always', endsAccessToken: true, idleMs: days(60) },
  },
  scopes: ['data.records:read', 'data.records:write', 'schema.bases:read', 'user.email:read'],
  hosts: ['api.airtable.com', 'content.airtable.com'],
  baseUrl: 'https://api.airtable.com/v0',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'request', url: 'https://api.airtable.com/v0/meta/whoami', id: '/id', name: '/email' },
  sources: [
    {
      fact: 'Basic, PKCE, 60 minutes, refresh_expires_in',
      url: 'https://airtable.com/developers/web/api/oauth-reference',
      checked: '2026-11-30',
    },
    {
      fact: 'rotation, and 60 days without use',
      url: 'https://nango.dev/blog/airtable-oauth-refresh-token-invalid-grant',
      checked: '2026-11-30',
    },
  ],
});
