import { defineProvider } from '../provider.js';

export const discord = defineProvider({
  id: 'discord',
  name: 'Discord',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://discord.com/oauth2/authorize',
    tokenUrl: 'https://discord.com/api/oauth2/token',
    authorizeParameters: { prompt: 'consent' },
    refresh: { rotates: 'sometimes' },
    revocation: { url: 'https://discord.com/api/oauth2/token/revoke' },
  },
  scopes: ['identify'],
  hosts: ['discord.com'],
  baseUrl: 'https://discord.com/api/v10',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: {
    from: 'request',
    url: 'https://discord.com/api/v10/users/@me',
    id: '/id',
    name: '/username',
  },
  sources: [
    {
      fact: 'endpoints, forms alone, revocation',
      url: 'https://docs.discord.com/developers/topics/oauth2',
      checked: '2026-11-30',
    },
  ],
});
