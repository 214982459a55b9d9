import { defineProvider } from '../provider.js';

export const zoho = defineProvider({
  id: 'zoho',
  name: 'Zoho',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://accounts.{domain}/oauth/v2/auth',
    tokenUrl: 'https://accounts.{domain}/oauth/v2/token',
    pkce: 'off',
    scopeSeparator: ',',
    // Without both, a second consent gives no refresh token.
    authorizeParameters: { access_type: 'offline', prompt: 'consent' },
    requiredScopes: ['AaaServer.profile.READ'],
    // Errors come with status 200. The error of an ended refresh token has the name of the other one.
    errors: {
      permanent: ['invalid_code', 'invalid_token'],
      client: ['invalid_client_secret', 'invalid_redirect_uri'],
      transient: ['Access Denied', 'general_error'],
    },
    refresh: { rotates: 'never' },
    revocation: { url: 'https://accounts.{domain}/oauth/v2/token/revoke', tokens: ['refresh'] },
  },
  scopes: ['ZohoCRM.modules.ALL'],
  settings: [
    {
      name: 'domain',
      label: 'Data centre',
      pattern:
        'zoho\\.com|zoho\\.eu|zoho\\.in|zoho\\.com\\.au|zoho\\.com\\.cn|zoho\\.jp|zoho\\.sa|zohocloud\\.ca',
      example: 'zoho.eu',
      default: 'zoho.com',
    },
  ],
  hosts: [
    'www.zohoapis.com',
    'www.zohoapis.eu',
    'www.zohoapis.in',
    'www.zohoapis.com.au',
    'www.zohoapis.com.cn',
    'www.zohoapis.jp',
    'www.zohoapis.sa',
    'www.zohoapis.ca',
    'accounts.zoho.com',
    'accounts.zoho.eu',
    'accounts.zoho.in',
    'accounts.zoho.com.au',
    'accounts.zoho.com.cn',
    'accounts.zoho.jp',
    'accounts.zoho.sa',
    'accounts.zohocloud.ca',
  ],
  base: { from: 'token', at: '/api_domain', replaces: 'https://www.zohoapis.com' },
  credential: [{ in: 'header', name: 'authorization', value: 'Zoho-oauthtoken {access_token}' }],
  identity: {
    from: 'request',
    url: 'https://accounts.{domain}/oauth/user/info',
    id: '/ZUID',
    name: '/Email',
  },
  sources: [
    {
      fact: 'endpoints, api_domain, and at most 20 refresh tokens for one user',
      url: 'https://www.zoho.com/fsm/developer/help/api/refresh-token.html',
      checked: '2026-11-30',
    },
    {
      fact: 'the hosts of the data centres',
      url: 'https://www.zoho.com/crm/developer/docs/api/v8/multi-dc.html',
      checked: '2026-11-30',
    },
    {
      fact: 'revocation with the refresh token',
      url: 'https://www.zoho.com/contracts/api/getting-started/refreshing-access-tokens.html',
      checked: '2026-11-30',
    },
  ],
});
