import { defineProvider } from '../provider.js';

export const asana = defineProvider({
  id: 'asana',
  name: 'Asana',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://app.asana.com/-/oauth_authorize',
    tokenUrl: 'https://app.asana.com/-/oauth_token',
    refresh: { rotates: 'never' },
    revocation: { url: 'https://app.asana.com/-/oauth_revoke', tokens: ['refresh'] },
  },
  scopes: ['default'],
  hosts: ['app.asana.com'],
  baseUrl: 'https://app.asana.com/api/1.0',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'token', id: '/data/gid', name: '/data/email' },
  sources: [
    {
      fact: 'endpoints, the account in the answer, revocation',
      url: 'https://developers.asana.com/docs/oauth',
      checked: '2026-11-30',
    },
  ],
});
