import { days } from '../lifetimes.js';
import { defineProvider } from '../provider.js';

export const zoom = defineProvider({
  id: 'zoom',
  name: 'Zoom',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://zoom.us/oauth/authorize',
    tokenUrl: 'https://zoom.us/oauth/token',
    clientAuth: 'basic',
    // The code of an ended refresh token is only in the reason.
    tokenAnswer: { error: ['/reason', '/error'] },
    errors: { permanent: ['Invalid Token!'], client: ['Invalid client_id or client_secret'] },
    refresh: { rotates: 'always', idleMs: days(90) },
    revocation: { url: 'https://zoom.us/oauth/revoke', tokens: ['access'] },
  },
  scopes: ['user:read:user'],
  hosts: ['api.zoom.us'],
  baseUrl: 'https://api.zoom.us/v2',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'request', url: 'https://api.zoom.us/v2/users/me', id: '/id', name: '/email' },
  sources: [
    {
      fact: 'Basic, one hour, and only the newest refresh token works',
      url: 'https://devsupport.zoom.us/hc/en-us/articles/360060332931-Extending-the-expiration-for-an-OAuth-access-token',
      checked: '2026-11-30',
    },
    {
      fact: 'about 90 days of life for a refresh token; sources differ, and the shortest is here',
      url: 'https://developers.zoom.us/docs/integrations/oauth/',
      checked: '2026-11-30',
    },
  ],
});
