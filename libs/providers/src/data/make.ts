import { days } from '../lifetimes.js';
import { defineProvider } from '../provider.js';

export const make = defineProvider({
  id: 'make',
  name: 'Make',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://www.make.com/oauth/v2/authorize',
    tokenUrl: 'https://www.make.com/oauth/v2/token',
    issuer: 'https://www.make.com',
    requiredScopes: ['openid'],
    // Five minutes of life: a fixed margin would refresh before every call.
    refresh: { rotates: 'sometimes', absoluteMs: days(180) },
    revocation: { url: 'https://www.make.com/oauth/v2/revoke' },
  },
  settings: [
    {
      name: 'zone',
      label: 'Zone',
      pattern: 'eu1|eu2|us1|us2',
      help: 'The first part of the address of your organization.',
      example: 'eu1',
      default: 'eu1',
    },
  ],
  hosts: ['eu1.make.com', 'eu2.make.com', 'us1.make.com', 'us2.make.com'],
  base: {
    from: 'fields',
    template: 'https://{zone}.make.com/api/v2',
    replaces: 'https://eu1.make.com/api/v2',
  },
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'id_token', id: '/sub' },
  sources: [
    {
      fact: 'access tokens live 5 minutes, refresh tokens 6 months',
      url: 'https://developers.make.com/api-documentation/authentication/oauth-flow/token-expiration',
      checked: '2026-11-22',
    },
    {
      fact: 'endpoints and the issuer',
      url: 'https://developers.make.com/api-documentation/api-reference/oidc-authentication/get--oidc--.well-known--openid-configuration',
      checked: '2026-11-30',
    },
  ],
});
