import { days } from '../lifetimes.js';
import { defineProvider } from '../provider.js';

/** Microsoft Graph through Entra ID. */
export const microsoft = defineProvider({
  id: 'microsoft',
  name: 'Microsoft (Graph)',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize',
    tokenUrl: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token',
    // The ID token names the account.
    requiredScopes: ['offline_access', 'openid', 'profile'],
    errors: {
      permanent: ['interaction_required', 'consent_required', 'login_required'],
      client: ['invalid_resource', 'unsupported_grant_type'],
    },
    // Each refresh gives a new token, and the old one works on until its own end.
    refresh: { rotates: 'always', reuseLeewayMs: days(90), idleMs: days(90), repeatsScopes: true },
  },
  scopes: ['User.Read'],
  impliedScopes: {
    'User.ReadWrite': ['User.Read'],
    'Mail.ReadWrite': ['Mail.Read'],
    'Calendars.ReadWrite': ['Calendars.Read'],
    'Contacts.ReadWrite': ['Contacts.Read'],
    'Files.ReadWrite': ['Files.Read'],
    'Files.ReadWrite.All': ['Files.ReadWrite', 'Files.Read.All'],
  },
  settings: [
    {
      name: 'tenant',
      label: 'Tenant',
      pattern: '[a-z0-9][a-z0-9.-]{0,100}',
      help: 'common for every account, organizations, consumers, or the id of one directory.',
      example: 'organizations',
      default: 'common',
    },
  ],
  hosts: ['graph.microsoft.com'],
  baseUrl: 'https://graph.microsoft.com/v1.0',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'id_token', id: ['/tid', '/oid'], name: '/preferred_username' },
  sources: [
    {
      fact: 'endpoints, and scopes in the refresh request',
      url: 'https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow',
      checked: '2026-11-30',
    },
    {
      fact: 'a refresh token lives 90 days and is not revoked by its use',
      url: 'https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens',
      checked: '2026-11-30',
    },
    {
      fact: 'interaction_required asks for a new consent',
      url: 'https://workos.com/blog/invalid-grant-oauth-errors-by-provider',
      checked: '2026-11-22',
    },
  ],
});
