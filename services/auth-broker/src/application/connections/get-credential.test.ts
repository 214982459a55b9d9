import { FakeClock } from '@action-mesh/kernel/testing';
import { providers } from '@action-mesh/providers';

import type { StoredConnection } from '../../domain/connections/stored-connection.js';
import type { ConnectionStore } from './connection-store.port.js';
import { GetCredential } from './get-credential.js';
import type { Integrations, KnownIntegration } from './integrations.port.js';
import { LeaseRefusals } from './lease-refusals.js';
import { PlainVault } from './plain-vault.fake.js';
import type { RefreshConnection } from './refresh-connection.js';
import type { RefreshStore } from './refresh-store.port.js';
import { ownerOf } from './vault.port.js';

const clock = new FakeClock();
const vault = new PlainVault();
const provider = providers.get('github');
if (provider === undefined) throw new Error('there is no provider github');
const integration: KnownIntegration = {
  tenantId: 'acme',
  integration: 'code',
  provider,
  scopes: [],
  hosts: [...provider.hosts],
  settings: {},
  returnOrigins: [],
};
const request = { tenant_id: 'acme', user_id: 'ada', integration: 'code' };

async function connectionWith(changes: Partial<StoredConnection> = {}): Promise<StoredConnection> {
  const connection = {
    tenantId: 'acme',
    userId: 'ada',
    integration: 'code',
    id: '00000000-0000-4000-8000-000000000001',
    provider: 'github',
    state: 'active',
    isDefault: true,
    version: 1,
    seq: 1,
    leaseEpoch: 0,
    failures: 0,
    consentedAtMs: clock.now(),
    createdAtMs: clock.now(),
    readAtMs: clock.now(),
    ...changes,
  } as const;
  const secret = JSON.stringify({ kind: 'oauth2', accessToken: 'gho_secret' });
  return { sealed: await vault.seal(ownerOf(connection), 'credential', secret), ...connection };
}

function credentialsOf(find: () => Promise<StoredConnection | undefined>): GetCredential {
  return new GetCredential({
    connections: { findDefault: find } as unknown as ConnectionStore,
    refreshes: {} as RefreshStore,
    integrations: { find: () => Promise.resolve(integration) } as unknown as Integrations,
    vault,
    refresh: {} as unknown as RefreshConnection,
    refusals: new LeaseRefusals({ urlOf: () => 'https://mesh.example.com/connect/link/x' }),
    onUse: () => undefined,
    onError: () => undefined,
    clock,
  });
}

describe('the answer to a request for a credential', () => {
  it('is the credential of the connection', async () => {
    const connection = await connectionWith();
    expect(await credentialsOf(() => Promise.resolve(connection)).run(request)).toMatchObject({
      credential: { connection_id: connection.id, hosts: provider.hosts },
    });
  });

  it('never has a credential of one provider for the hosts of another one', async () => {
    const connection = await connectionWith({ provider: 'slack' });
    expect(await credentialsOf(() => Promise.resolve(connection)).run(request)).toMatchObject({
      refusal: { code: 'no_connection' },
    });
  });

  it('has no text of an unexpected error', async () => {
    const broken = credentialsOf(() => Promise.reject(new Error('password=hunter2')));
    const answer = await broken.run(request);
    expect(answer).toMatchObject({ refusal: { code: 'unavailable' } });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it('has a message that an executor accepts, also for many missing scopes', async () => {
    const scope = (n: number) => `https://www.example.com/auth/a-long-name-of-a-scope-${n}`;
    const scopes = [Array.from({ length: 60 }, (_, n) => scope(n))];
    const connection = await connectionWith({ scopes: [] });
    const answer = await credentialsOf(() => Promise.resolve(connection)).run({ ...request, scopes });
    if (!('refusal' in answer)) throw new Error('expected a refusal');
    expect(answer.refusal.code).toBe('missing_scopes');
    expect(answer.refusal.missing_scopes).toHaveLength(60);
    expect(answer.refusal.message.length).toBeLessThanOrEqual(1_000);
  });
});
