import { days, hours } from '../lifetimes.js';
import { defineProvider } from '../provider.js';

export const quickbooks = defineProvider({
  id: 'quickbooks',
  name: 'QuickBooks',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://appcenter.intuit.com/connect/oauth2',
    tokenUrl: 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer',
    clientAuth: 'basic',
    tokenHeaders: { accept: 'application/json' },
    tokenAnswer: { refreshExpiresIn: '/x_refresh_token_expires_in' },
    // The company is known from the callback alone.
    callbackParameters: ['realmId'],
    // The refresh token changes about once a day, and the one before works on for a day.
    refresh: { rotates: 'sometimes', reuseLeewayMs: hours(24), idleMs: days(100), absoluteMs: days(5 * 365) },
    revocation: {
      url: 'https://developer.api.intuit.com/v2/oauth2/tokens/revoke',
      bodyFormat: 'json',
      tokens: ['refresh'],
    },
  },
  scopes: ['com.intuit.quickbooks.accounting'],
  hosts: ['quickbooks.api.intuit.com', 'sandbox-quickbooks.api.intuit.com'],
  settings: [
    {
      name: 'environment',
      label: 'Environment',
      pattern: 'quickbooks|sandbox-quickbooks',
      example: 'sandbox-quickbooks',
      default: 'quickbooks',
    },
  ],
  base: {
    from: 'token',
    at: '/callback/realmId',
    template: 'https://{environment}.api.intuit.com/v3/company/{id}',
    replaces: 'https://quickbooks.api.intuit.com/v3/company/your-company-id',
  },
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'token', id: '/callback/realmId' },
  sources: [
    {
      fact: 'one hour, 100 days without use, a refresh token that changes daily',
      url: 'https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/faq',
      checked: '2026-11-30',
    },
    {
      fact: 'five years at most',
      url: 'https://blogs.a.intuit.com/2025/11/12/important-changes-to-refresh-token-policy',
      checked: '2026-11-30',
    },
    {
      fact: 'x_refresh_token_expires_in',
      url: 'https://github.com/intuit/QuickBooks-V3-Java-SDK/releases/tag/v6.5.4',
      checked: '2026-11-22',
    },
  ],
});
