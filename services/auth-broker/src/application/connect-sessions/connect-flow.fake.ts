import { purposeKey } from '@action-mesh/connections';
import { FakeClock } from '@action-mesh/kernel/testing';
import { providers } from '@action-mesh/providers';

import type { IssuedTokens } from '../../domain/connections/credential.js';
import type { TokenResult } from '../../domain/connections/token-failure.js';
import type { ConnectSession, ConnectSessionStatus } from '../../domain/connect-sessions/connect-session.js';
import { publicAddress } from '../../domain/connect-sessions/public-address.js';
import type { KnownIntegration } from '../connections/integrations.port.js';
import type { OAuthClient } from '../connections/oauth-client.port.js';
import { PlainVault } from '../connections/plain-vault.fake.js';
import type { NewCredential, Saved } from '../connections/save-connection.port.js';
import { CompleteConnectSession } from './complete-connect-session.js';
import { ConfirmConnection } from './confirm-connection.js';
import type { ConnectParts } from './connect-parts.js';
import type {
  ConnectSessionStore,
  SessionChange,
  SessionCondition,
  SessionKey,
  StoredSession,
} from './connect-session-store.port.js';
import { noConnectWatch, type ConnectWatch } from './connect-watch.port.js';
import type { FoundConnection } from './connection-lookup.port.js';
import { CreateConnectSession } from './create-connect-session.js';
import { EnterFields } from './enter-fields.js';
import { FinishConsent } from './finish-consent.js';
import { FollowConnectLink } from './follow-connect-link.js';
import { HoldCredential } from './hold-credential.js';
import { OpenConnectPage } from './open-connect-page.js';
import { RevokeAbandoned } from './revoke-abandoned.js';
import { SignedConnectLinks } from './signed-connect-links.js';
import { StartConsent } from './start-consent.js';
import { SweepConnectSessions } from './sweep-connect-sessions.js';

interface Row extends Omit<StoredSession, 'session'> {
  session: ConnectSession;
  digest: Buffer;
  stateDigest?: Buffer | null;
  claimedUntilMs?: number | null;
}

/** Connect sessions in memory. */
export class MemoryConnectSessions implements ConnectSessionStore {
  readonly rows = new Map<string, Row>();

  create(session: ConnectSession, digest: Buffer): Promise<'created'> {
    this.rows.set(session.publicId, { session, digest });
    return Promise.resolve('created');
  }

  find(key: SessionKey): Promise<StoredSession | undefined> {
    const row = [...this.rows.values()].find((each) => {
      if ('digest' in key) return each.digest.equals(key.digest);
      if ('stateDigest' in key) return each.stateDigest?.equals(key.stateDigest) === true;
      return each.session.publicId === key.publicId && each.session.tenantId === key.tenantId;
    });
    return Promise.resolve(row && structuredRow(row));
  }

  change(publicId: string, condition: SessionCondition, change: SessionChange): Promise<boolean> {
    const row = this.rows.get(publicId);
    if (row === undefined || !holds(row, condition)) return Promise.resolve(false);
    const { stateDigest, attempt, pending, claimedUntilMs, ...ofSession } = change;
    const next: Record<string, unknown> = { ...row.session };
    for (const [name, value] of Object.entries(ofSession) as [string, unknown][]) {
      if (value === null) Reflect.deleteProperty(next, name);
      else if (value !== undefined) next[name] = value;
    }
    row.session = next as unknown as ConnectSession;
    const secrets: Record<string, unknown> = { stateDigest, attempt, pending, claimedUntilMs };
    for (const [name, value] of Object.entries(secrets)) {
      if (value === null) Reflect.deleteProperty(row, name);
      else if (value !== undefined) Object.assign(row, { [name]: value });
    }
    return Promise.resolve(true);
  }

  statuses(publicIds: readonly string[]): Promise<ReadonlyMap<string, ConnectSessionStatus>> {
    const known = publicIds.flatMap((id) => this.rows.get(id)?.session ?? []);
    return Promise.resolve(new Map(known.map(({ publicId, status }) => [publicId, status])));
  }

  expire(nowMs: number): Promise<number> {
    let count = 0;
    for (const row of this.rows.values()) {
      const { status, expiresAtMs } = row.session;
      if ((status !== 'open' && status !== 'returned') || expiresAtMs > nowMs) continue;
      if ((row.claimedUntilMs ?? 0) > nowMs) continue;
      row.session = { ...row.session, status: 'expired' };
      Reflect.deleteProperty(row, 'attempt');
      Reflect.deleteProperty(row, 'stateDigest');
      count += 1;
    }
    return Promise.resolve(count);
  }

  claimAbandoned(nowMs: number, untilMs: number, most: number): Promise<readonly StoredSession[]> {
    const found = [...this.rows.values()]
      .filter(({ pending, session, claimedUntilMs }) => {
        const isEnded = session.status === 'failed' || session.status === 'expired';
        return pending !== undefined && isEnded && (claimedUntilMs ?? 0) <= nowMs;
      })
      .slice(0, most);
    for (const row of found) row.claimedUntilMs = untilMs;
    return Promise.resolve(found.map(structuredRow));
  }

  prune(): Promise<void> {
    return Promise.resolve();
  }
}

function structuredRow({ session, attempt, pending }: Row): StoredSession {
  return { session, ...(attempt && { attempt }), ...(pending && { pending }) };
}

function holds(
  { session, stateDigest: state, claimedUntilMs }: Row,
  { status, stateDigest, cookieDigest, unclaimedAtMs, liveAtMs }: SessionCondition,
): boolean {
  if (!status.includes(session.status)) return false;
  if (stateDigest !== undefined && state?.equals(stateDigest) !== true) return false;
  if (cookieDigest !== undefined && session.cookieDigest?.equals(cookieDigest) === false) return false;
  if (unclaimedAtMs !== undefined && (claimedUntilMs ?? 0) > unclaimedAtMs) return false;
  return liveAtMs === undefined || session.expiresAtMs > liveAtMs;
}

/** A provider with answers that a test chooses. */
export class FakeOAuth implements OAuthClient {
  readonly calls: string[] = [];
  readonly revoked: string[] = [];
  expected: { readonly issuer: string; readonly isRequired: boolean } | undefined;
  tokens: TokenResult<IssuedTokens> = {
    ok: true,
    value: { accessToken: 'access-1', refreshToken: 'refresh-1', expiresInMs: 3_600_000, details: {} },
  };
  accountFound: Awaited<ReturnType<OAuthClient['account']>> = {
    ok: true,
    value: { account: { id: '42', name: 'ada-l' } },
  };
  revocation: Awaited<ReturnType<OAuthClient['revoke']>> = { ok: true, value: 'revoked' };
  challenge = '';
  /** The query parameters of the last callback. */
  callback: Readonly<Record<string, string>> = {};

  consentUrl: OAuthClient['consentUrl'] = (_integration, { state, redirectUri, challenge, scopes }) => {
    this.challenge = challenge;
    const query = new URLSearchParams({ state, redirect_uri: redirectUri, scope: scopes.join(' ') });
    return Promise.resolve({ ok: true, value: `https://as.example/authorize?${query.toString()}` });
  };
  issuer: OAuthClient['issuer'] = () => Promise.resolve({ ok: true, value: this.expected });
  exchange: OAuthClient['exchange'] = (_integration, { code, verifier, redirectUri, callback = {} }) => {
    this.callback = callback;
    this.calls.push(`exchange ${code} ${redirectUri} ${verifier.length}`);
    return Promise.resolve(this.tokens);
  };
  refresh: OAuthClient['refresh'] = () => Promise.resolve(this.tokens);
  clientCredentials: OAuthClient['clientCredentials'] = () => Promise.resolve(this.tokens);
  revoke: OAuthClient['revoke'] = (_integration, { accessToken }) => {
    this.revoked.push(accessToken);
    return Promise.resolve(this.revocation);
  };
  account: OAuthClient['account'] = (_integration, { places }) => {
    this.calls.push(`account ${places.map(({ value }) => value).join()}`);
    return Promise.resolve(this.accountFound);
  };
}

/** The integration of a tenant with a provider of the registry. */
export function stagedIntegration(
  provider = 'github',
  more: Partial<KnownIntegration> = {},
): KnownIntegration {
  const definition = providers.get(provider);
  if (definition === undefined) throw new Error(`there is no provider ${provider}`);
  return {
    tenantId: 'acme',
    integration: provider,
    provider: definition,
    clientId: 'client-1',
    clientSecret: 'client-secret-1',
    scopes: [...(definition.scopes ?? [])],
    hosts: [...definition.hosts],
    settings: {},
    returnOrigins: ['https://app.example'],
    ...more,
  };
}

/** The whole connect flow on fakes. */
export class ConnectStage {
  readonly clock = new FakeClock();
  readonly sessions = new MemoryConnectSessions();
  readonly oauth = new FakeOAuth();
  readonly integrations = new Map<string, KnownIntegration>([['acme/github', stagedIntegration()]]);
  readonly known: FoundConnection[] = [];
  readonly saved: NewCredential[] = [];
  /** Some connection in use may share the grant of a fresh credential. */
  sharesGrant = false;
  saving: Saved = { kind: 'saved', connectionId: '00000000-0000-4000-8000-000000000001' };

  /** Replaced by tests of spans. */
  watch: ConnectWatch = noConnectWatch;

  readonly parts: ConnectParts = {
    sessions: this.sessions,
    oauth: this.oauth,
    vault: new PlainVault(),
    integrations: {
      find: (tenantId, integration) => Promise.resolve(this.integrations.get(`${tenantId}/${integration}`)),
      findForRevocation: (tenantId, integration) =>
        Promise.resolve(this.integrations.get(`${tenantId}/${integration}`)),
      noteBroken: () => Promise.resolve(),
      noteWorking: () => Promise.resolve(),
    },
    connections: {
      find: (_tenantId, id) => Promise.resolve(this.known.find(({ connectionId }) => connectionId === id)),
      findDefault: (_tenantId, userId, integration) =>
        Promise.resolve(
          this.known.find((each) => each.userId === userId && each.integration === integration),
        ),
      sharesGrant: () => Promise.resolve(this.sharesGrant),
    },
    saveConnection: {
      run: (credential) => {
        this.saved.push(credential);
        return Promise.resolve(this.saving);
      },
    },
    watch: { step: (step, session, run) => this.watch.step(step, session, run) },
    address: publicAddress('https://mesh.example'),
    tokenKey: purposeKey('k'.repeat(48), 'connect-token'),
    linkKey: purposeKey('k'.repeat(48), 'connect-link'),
    clock: this.clock,
  };
  readonly revokeAbandoned = new RevokeAbandoned(this.parts);
  readonly #hold = new HoldCredential(this.parts);
  readonly create = new CreateConnectSession(this.parts);
  readonly complete = new CompleteConnectSession(this.parts);
  readonly open = new OpenConnectPage(this.parts);
  readonly start = new StartConsent(this.parts, this.revokeAbandoned);
  readonly enter = new EnterFields(this.parts, this.#hold);
  readonly confirm = new ConfirmConnection(this.parts, this.revokeAbandoned);
  readonly finish = new FinishConsent(this.parts, this.#hold);
  readonly follow = new FollowConnectLink(this.parts, this.start);
  readonly links = new SignedConnectLinks('https://mesh.example', this.parts.linkKey, this.clock);
  readonly sweep = new SweepConnectSessions(this.parts, this.revokeAbandoned, () => undefined);
}
