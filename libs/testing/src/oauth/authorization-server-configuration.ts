import { randomBytes } from 'node:crypto';

import type { ClientMetadata, Configuration } from 'oidc-provider';

import type {
  AuthorizationServerClient,
  AuthorizationServerOptions,
} from './authorization-server-options.js';

const daySeconds = 86_400;

/** The settings of `oidc-provider` for a test. Every login succeeds, and the login is the account. */
export function authorizationServerConfiguration({
  clients,
  scopes = ['api:read', 'api:write'],
}: AuthorizationServerOptions): Configuration {
  const byId = new Map(clients.map((client) => [client.id, client]));
  const isStrict = (id: string | undefined): boolean => byId.get(id ?? '')?.rotation !== 'none';
  return {
    clients: clients.map(metadataOf),
    cookies: { keys: [randomBytes(16).toString('hex')] },
    scopes: ['openid', 'offline_access', ...scopes],
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    // ID tokens hold the claims of all scopes, as those of most providers do.
    conformIdTokenClaims: false,
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `User ${id}`, email: `${id}@example.test` }),
    }),
    features: {
      devInteractions: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) => token.clientId === client.clientId,
      },
      introspection: { enabled: true, allowedPolicy: () => true },
      clientCredentials: { enabled: true },
    },
    pkce: { required: () => true },
    rotateRefreshToken: ({ oidc }) => isStrict(oidc.client?.clientId),
    issueRefreshToken: (_context, client) => byId.get(client.clientId)?.refreshTokens !== false,
    // A refresh token outlives the browser session, as `offline_access` asks for.
    expiresWithSession: () => false,
    ttl: {
      AccessToken: (_context, _token, client) => byId.get(client.clientId)?.accessTokenSeconds ?? 3_600,
      RefreshToken: (_context, _token, client) =>
        byId.get(client.clientId)?.refreshTokenSeconds ?? 14 * daySeconds,
      ClientCredentials: (_context, _token, client) => byId.get(client.clientId)?.accessTokenSeconds ?? 3_600,
      AuthorizationCode: 60,
      IdToken: 3_600,
      Grant: 14 * daySeconds,
      Interaction: 3_600,
      Session: 14 * daySeconds,
    },
  };
}

function metadataOf({ id, secret, redirectUris, auth }: AuthorizationServerClient): ClientMetadata {
  return {
    client_id: id,
    ...(secret === undefined ? {} : { client_secret: secret }),
    redirect_uris: [...redirectUris],
    // Native clients may redirect to plain http on the loopback interface.
    application_type: 'native',
    response_types: ['code'],
    grant_types: [
      'authorization_code',
      'refresh_token',
      ...(secret === undefined ? [] : ['client_credentials']),
    ],
    token_endpoint_auth_method: auth ?? (secret === undefined ? 'none' : 'client_secret_basic'),
  };
}
