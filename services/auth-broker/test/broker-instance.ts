import { PostgresDisconnections } from '../src/adapters/postgres/connections/postgres-disconnections.js';
import { PostgresRefreshStore } from '../src/adapters/postgres/connections/postgres-refresh-store.js';
import { GetCredential } from '../src/application/connections/get-credential.js';
import { IntegrationBreaker } from '../src/application/connections/integration-breaker.js';
import type { Integrations, KnownIntegration } from '../src/application/connections/integrations.port.js';
import { KeepAlive } from '../src/application/connections/keep-alive.js';
import { LeaseRefusals, type CredentialRequest } from '../src/application/connections/lease-refusals.js';
import { PersistCredential } from '../src/application/connections/persist-credential.js';
import { RedeemRefresh } from '../src/application/connections/redeem-refresh.js';
import { RefreshConnection } from '../src/application/connections/refresh-connection.js';
import type { RefreshStore } from '../src/application/connections/refresh-store.port.js';
import { RevokeConnections } from '../src/application/connections/revoke-connections.js';
import type { OAuthClient } from '../src/application/connections/oauth-client.port.js';
import { stageProvider, type ConnectionStage } from './connection-stage.js';

/** The integration of the stage, changeable by tests. */
export class StageIntegrations implements Integrations {
  known: KnownIntegration = {
    tenantId: 'acme',
    integration: 'stage',
    provider: stageProvider(),
    clientId: 'client',
    clientSecret: 'secret',
    scopes: [],
    hosts: [],
    settings: {},
    returnOrigins: [],
  };

  find(tenantId: string, integration: string): Promise<KnownIntegration | undefined> {
    const { known } = this;
    return Promise.resolve(
      known.tenantId === tenantId && known.integration === integration ? known : undefined,
    );
  }

  findForRevocation(tenantId: string, integration: string): Promise<KnownIntegration | undefined> {
    return this.find(tenantId, integration);
  }

  noteBroken(_tenantId: string, _integration: string, code: string, retryAtMs: number): Promise<void> {
    this.known = { ...this.known, broken: { code, retryAtMs } };
    return Promise.resolve();
  }

  noteWorking(): Promise<void> {
    const { broken: _, ...working } = this.known;
    this.known = working;
    return Promise.resolve();
  }
}

/** The part of one broker that refreshes and answers, on the database of a stage. */
export class BrokerInstance {
  readonly refresh: RefreshConnection;
  readonly get: GetCredential;
  readonly revoke: RevokeConnections;
  readonly disconnections: PostgresDisconnections;
  readonly keepAlive: KeepAlive;
  readonly refreshes: RefreshStore;
  readonly orphaned: string[] = [];
  readonly errors: unknown[] = [];
  readonly unknown: string[] = [];

  constructor(
    stage: ConnectionStage,
    integrations: Integrations,
    oauth: Pick<OAuthClient, 'refresh' | 'clientCredentials' | 'revoke'>,
    wrap: (store: PostgresRefreshStore) => RefreshStore = (store) => store,
    stopping: AbortSignal = new AbortController().signal,
  ) {
    const onCommitted = stage.onCommitted;
    const store = new PostgresRefreshStore(stage.pool, onCommitted);
    this.refreshes = wrap(store);
    const { vault } = stage;
    const onError = (_id: string, error: unknown): unknown => this.errors.push(error);
    const shared = { connections: stage.store, refreshes: this.refreshes, vault };
    this.refresh = new RefreshConnection({
      ...shared,
      redeem: new RedeemRefresh({
        ...shared,
        oauth,
        breaker: new IntegrationBreaker(integrations),
        persist: new PersistCredential({
          ...shared,
          signal: stopping,
          onOrphaned: (id) => this.orphaned.push(id),
          onError,
        }),
        onUnknown: (_id, code) => this.unknown.push(code),
      }),
    });
    this.get = new GetCredential({
      ...shared,
      integrations,
      refresh: this.refresh,
      refusals: new LeaseRefusals({
        urlOf: ({ connectionId, scopes }) =>
          `https://mesh.example.com/${connectionId ?? 'new'}${scopes === undefined ? '' : `?${scopes.join('+')}`}`,
      }),
      onUse: () => undefined,
      onError: (error) => this.errors.push(error),
    });
    this.disconnections = new PostgresDisconnections(stage.pool, onCommitted);
    this.revoke = new RevokeConnections({
      disconnections: this.disconnections,
      integrations,
      oauth,
      vault,
      onError,
    });
    this.keepAlive = new KeepAlive({
      idle: store,
      integrations,
      refresh: this.refresh,
      vault,
      providers: new Map([['stage', stageProvider({ rotates: 'always', idleMs: 90 * 86_400_000 })]]),
      onError,
    });
  }

  /** Asks for the credential of ada, as an executor does. */
  ask(changes: Partial<CredentialRequest> = {}) {
    return this.get.run({ tenant_id: 'acme', user_id: 'ada', integration: 'stage', ...changes });
  }

  /** The access token of the answer, or the code of the refusal. */
  async token(changes: Partial<CredentialRequest> = {}): Promise<string> {
    const answer = await this.ask(changes);
    if ('refusal' in answer) return answer.refusal.code;
    return (answer.credential.places[0]?.value ?? '').replace('Bearer ', '');
  }
}
