import { startAuthorizationServer, startQuirkServer, type OAuthFault } from '@action-mesh/testing';

import type { AuthCell } from './auth-cells.js';

/** Longer than the lease of a refresh. */
const slowMs = 35_000;
const client = { id: 'mesh', secret: 'secret-of-the-mesh' };

/** The authorization server of a race. It alone counts how often a refresh token was presented. */
export interface RacedServer extends AsyncDisposable {
  readonly host: string;
  /** The settings of the integration for it. */
  readonly integration: object;
  consent(url: string): Promise<string>;
  /** Begins the fault of the cell. */
  disturb(): void;
  /** How often each refresh token was presented. */
  uses(): readonly number[];
  /** Which access tokens the server accepts. */
  livenessOf(tokens: readonly string[]): Promise<ReadonlyMap<string, boolean>>;
}

/**
 * Starts the server of a cell. oidc-provider rotates strictly, or not at all; it ends the whole grant when a used refresh
 * token comes again. The quirk server gives a used token a minute more.
 */
export async function startRacedServer({ rotation, disturbance }: AuthCell): Promise<RacedServer> {
  const server =
    rotation === 'leeway'
      ? await startQuirkServer(
          { rotation: 'leeway', leewayMs: 120_000, idToken: true },
          { [client.id]: client.secret },
        )
      : await startAuthorizationServer({
          clients: [
            { ...client, rotation, redirectUris: ['http://127.0.0.1/connect/callback/default/raced'] },
          ],
        });
  const fault = faultOf(disturbance);
  return {
    host: server.host,
    integration: {
      provider: 'oauth2',
      client_id: client.id,
      client_secret: client.secret,
      settings: { issuer: server.url },
      hosts: [server.host],
      scopes: 'consent' in server ? ['openid', 'offline_access'] : ['api:read'],
    },
    consent: async (url) => {
      if ('consent' in server) return server.consent(url, { login: 'ada-at-provider' });
      const answer = await fetch(url, { redirect: 'manual' });
      return answer.headers.get('location') ?? '';
    },
    disturb: () => {
      if (fault !== undefined) server.fail(fault);
    },
    uses: () => [...server.record.redemptions.values()].map(({ presented }) => presented),
    livenessOf: async (tokens) =>
      new Map(
        await Promise.all(
          tokens.map(async (token): Promise<[string, boolean]> => {
            const answer = await fetch(server.endpoints.api, {
              headers: { authorization: `Bearer ${token}` },
            });
            await answer.arrayBuffer();
            return [token, answer.ok];
          }),
        ),
      ),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function faultOf(disturbance: AuthCell['disturbance']): OAuthFault | undefined {
  if (disturbance === 'slow') return { on: 'token', when: 'after', delayMs: slowMs };
  if (disturbance === '500 after rotation') return { on: 'token', when: 'after', answer: { status: 500 } };
  return undefined;
}
