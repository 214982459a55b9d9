import { minutes } from '../lifetimes.js';
import { defineProvider } from '../provider.js';

export const hubspot = defineProvider({
  id: 'hubspot',
  name: 'HubSpot',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://app.hubspot.com/oauth/authorize',
    tokenUrl: 'https://api.hubapi.com/oauth/v3/token',
    tokenAnswer: { scope: '/scopes', error: ['/error', '/status'] },
    requiredScopes: ['oauth'],
    errors: {
      permanent: ['BAD_REFRESH_TOKEN', 'EXPIRED_AUTH_CODE', 'BAD_AUTH_CODE', 'MISSING_REFRESH_TOKEN'],
      client: ['BAD_CLIENT_ID', 'BAD_CLIENT_SECRET', 'MISMATCH_REDIRECT_URI_AUTH_CODE'],
      transient: ['RATE_LIMIT'],
    },
    refresh: { rotates: 'never', accessTokenMs: minutes(30) },
  },
  scopes: [
    'crm.objects.companies.read',
    'crm.objects.companies.write',
    'crm.objects.contacts.read',
    'crm.objects.contacts.write',
    'crm.objects.deals.read',
    'crm.objects.deals.write',
    'crm.objects.owners.read',
  ],
  hosts: ['api.hubapi.com'],
  baseUrl: 'https://api.hubapi.com',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'token', id: ['/hub_id', '/user_id'] },
  sources: [
    {
      fact: 'the endpoints of version 3 and their form',
      url: 'https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/guide',
      checked: '2026-11-30',
    },
    {
      fact: 'hub_id, user_id and scopes in the answer',
      url: 'https://developers.hubspot.com/docs/api-reference/legacy/authentication/oauth-tokens/v1/refresh-oauth-token',
      checked: '2026-11-30',
    },
    {
      fact: 'access tokens live 30 minutes',
      url: 'https://developers.hubspot.com/changelog/upcoming-expiration-of-oauth-access-tokens-is-changing',
      checked: '2026-11-22',
    },
  ],
});
