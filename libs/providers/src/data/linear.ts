import { defineProvider } from '../provider.js';

export const linear = defineProvider({
  id: 'linear',
  name: 'Linear',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://linear.app/oauth/authorize',
    tokenUrl: 'https://api.linear.app/oauth/token',
    scopeSeparator: ',',
    // Else a user with one workspace connected could not connect another.
    authorizeParameters: { prompt: 'consent' },
    refresh: { rotates: 'always' },
    revocation: { url: 'https://api.linear.app/oauth/revoke' },
  },
  scopes: ['read', 'write'],
  impliedScopes: {
    write: ['read', 'issues:create', 'comments:create', 'timeSchedule:write'],
    admin: ['write'],
  },
  hosts: ['api.linear.app'],
  baseUrl: 'https://api.linear.app',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: {
    from: 'request',
    url: 'https://api.linear.app/graphql',
    method: 'POST',
    body: { query: '{ viewer { id email organization { id } } }' },
    id: ['/data/viewer/organization/id', '/data/viewer/id'],
    name: '/data/viewer/email',
  },
  sources: [
    {
      fact: 'scopes with commas, PKCE, refresh tokens for all apps since 2026-04-01',
      url: 'https://linear.app/developers/oauth-2-0-authentication',
      checked: '2026-11-30',
    },
  ],
});
