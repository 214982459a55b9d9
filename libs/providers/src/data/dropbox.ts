import { defineProvider } from '../provider.js';

export const dropbox = defineProvider({
  id: 'dropbox',
  name: 'Dropbox',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://www.dropbox.com/oauth2/authorize',
    tokenUrl: 'https://api.dropboxapi.com/oauth2/token',
    authorizeParameters: { token_access_type: 'offline' },
    refresh: { rotates: 'never' },
    // It ends the refresh token too.
    revocation: {
      url: 'https://api.dropboxapi.com/2/auth/token/revoke',
      auth: 'token',
      tokens: ['access'],
    },
  },
  scopes: ['account_info.read', 'files.metadata.read', 'files.content.read', 'files.content.write'],
  hosts: ['api.dropboxapi.com', 'content.dropboxapi.com'],
  baseUrl: 'https://api.dropboxapi.com/2',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'token', id: '/account_id' },
  sources: [
    {
      fact: 'token_access_type, account_id, revocation without a body',
      url: 'https://www.dropbox.com/developers/documentation/http/documentation',
      checked: '2026-11-30',
    },
  ],
});
