import { defineProvider } from '../provider.js';

export const intercom = defineProvider({
  id: 'intercom',
  name: 'Intercom',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://app.intercom.com/oauth',
    tokenUrl: 'https://api.intercom.io/auth/eagle/token',
    pkce: 'off',
    // The app has the permissions. Tokens have no end and are not refreshed.
    tokenAnswer: { scope: false },
    refresh: { rotates: 'never' },
  },
  settings: [
    {
      name: 'region',
      label: 'Region',
      pattern: 'api|api\\.eu|api\\.au',
      help: 'api for the United States, api.eu for Europe, api.au for Australia.',
      example: 'api.eu',
      default: 'api',
    },
  ],
  hosts: ['api.intercom.io', 'api.eu.intercom.io', 'api.au.intercom.io'],
  base: {
    from: 'fields',
    template: 'https://{region}.intercom.io',
    replaces: 'https://api.intercom.io',
  },
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'request', url: 'https://{region}.intercom.io/me', id: '/id', name: '/email' },
  sources: [
    {
      fact: 'endpoints and the hosts of the regions',
      url: 'https://developers.intercom.com/docs/build-an-integration/learn-more/authentication/setting-up-oauth',
      checked: '2026-11-30',
    },
  ],
});
