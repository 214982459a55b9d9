import { defineProvider } from '../provider.js';

/** An account that is connected to a Stripe platform. The client secret is the secret key of the platform. */
export const stripe = defineProvider({
  id: 'stripe',
  name: 'Stripe (Connect)',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://connect.stripe.com/oauth/authorize',
    tokenUrl: 'https://connect.stripe.com/oauth/token',
    pkce: 'off',
    // Access tokens have no end. The only revocation takes the account's id instead of a token.
    refresh: { rotates: 'never' },
  },
  scopes: ['read_write'],
  impliedScopes: { read_write: ['read_only'] },
  hosts: ['api.stripe.com', 'files.stripe.com'],
  baseUrl: 'https://api.stripe.com/v1',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'token', id: '/stripe_user_id' },
  sources: [
    {
      fact: 'endpoints, scopes, stripe_user_id',
      url: 'https://docs.stripe.com/connect/oauth-reference',
      checked: '2026-11-30',
    },
  ],
});
