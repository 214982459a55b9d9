import { createHash, randomBytes } from 'node:crypto';

import { Egress } from '@action-mesh/egress';
import { providers, type OAuth2Auth, type ProviderDefinition } from '@action-mesh/providers';

import { SimpleOAuth2Client } from '../../src/adapters/oauth/simple-oauth2-client.js';
import type { KnownIntegration } from '../../src/application/connections/integrations.port.js';
import type { TokenFailure, TokenResult } from '../../src/domain/connections/token-failure.js';

/** Where a consent sends the browser back. Nothing listens there. */
export const callbackUri = 'http://127.0.0.1:1/connect/callback/acme/notes';

/** An OAuth server of a test. */
export interface Counterpart {
  readonly url: string;
  readonly host: string;
  readonly endpoints: Readonly<Record<'authorization' | 'token' | 'revocation' | 'me', string>>;
}

/** A provider with the endpoints of a server, and with the members that matter for a test. */
export function providerAt(server: Counterpart, changes: Partial<OAuth2Auth> = {}): ProviderDefinition {
  return {
    id: 'notes',
    name: 'Notes',
    auth: {
      kind: 'oauth2',
      authorizationUrl: server.endpoints.authorization,
      tokenUrl: server.endpoints.token,
      clientAuth: 'basic',
      issuer: server.url,
      sendsIssuer: true,
      revocation: { url: server.endpoints.revocation },
      ...changes,
    },
    hosts: [server.host],
    credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
    identity: { from: 'request', url: server.endpoints.me, id: '/sub', name: '/email' },
    sources: [{ fact: 'none', url: 'https://example.com', checked: '2026-11-30' }],
  };
}

/** A provider of the registry, moved to a server of a test. */
export function registeredAt(id: string, server: Counterpart): ProviderDefinition {
  const known = providers.get(id);
  if (known?.auth.kind !== 'oauth2') throw new Error(`${id} is no provider with OAuth`);
  return {
    ...known,
    auth: {
      ...known.auth,
      authorizationUrl: server.endpoints.authorization,
      tokenUrl: server.endpoints.token,
      ...(known.auth.revocation === undefined
        ? {}
        : { revocation: { ...known.auth.revocation, url: server.endpoints.revocation } }),
    },
    hosts: [server.host],
  };
}

export function integrationOf(
  provider: ProviderDefinition,
  changes: Partial<KnownIntegration> = {},
): KnownIntegration {
  return {
    tenantId: 'acme',
    integration: 'notes',
    provider,
    clientId: 'quirk-client',
    clientSecret: 'quirk-secret',
    scopes: ['read'],
    hosts: [],
    settings: {},
    returnOrigins: [],
    ...changes,
  };
}

/** The client under test, which may reach the given hosts. It is closed with its egress. */
export class OAuthRig implements AsyncDisposable {
  readonly egress: Egress;
  readonly client: SimpleOAuth2Client;

  constructor(...allow: readonly string[]) {
    this.egress = new Egress({ allow });
    this.client = new SimpleOAuth2Client(this.egress);
  }

  /** Sends a user to the consent page and exchanges the code. */
  async connect(
    integration: KnownIntegration,
    consent: (url: string) => Promise<string>,
    scopes: readonly string[] = ['read'],
  ) {
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const url = valueOf(
      await this.client.consentUrl(integration, { redirectUri: callbackUri, state: 's1', challenge, scopes }),
    );
    const callback = Object.fromEntries(new URL(await consent(url)).searchParams);
    const code = callback['code'] ?? '';
    return {
      url: new URL(url),
      callback,
      tokens: await this.client.exchange(integration, { code, verifier, redirectUri: callbackUri, callback }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.egress.close();
  }
}

/** Follows the one redirect of a server that consents at once. */
export async function consentAtOnce(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual', headers: { connection: 'close' } });
  return response.headers.get('location') ?? '';
}

export function valueOf<Value>(result: TokenResult<Value>): Value {
  if (!result.ok) throw new Error(`failed with ${result.failure.code}`);
  return result.value;
}

export function failureIn(result: TokenResult<unknown>): TokenFailure {
  if (result.ok) throw new Error('the request did not fail');
  return result.failure;
}
