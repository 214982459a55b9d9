import { providers } from '@action-mesh/providers';

import type { StoredConnection } from '../../domain/connections/stored-connection.js';
import type { Integrations } from './integrations.port.js';
import { KeepAlive } from './keep-alive.js';
import { PlainVault } from './plain-vault.fake.js';
import type { RefreshConnection } from './refresh-connection.js';
import { ownerOf } from './vault.port.js';

const definition = providers.get('github-app');
if (definition === undefined) throw new Error('there is no provider github-app');

it('reaches every idle connection, also behind many that cannot be refreshed', async () => {
  const vault = new PlainVault();
  const sealedOf = (id: string, tenantId: string) =>
    vault.seal(
      ownerOf({ id, tenantId, userId: 'ada', provider: 'github-app' }),
      'credential',
      JSON.stringify({ kind: 'oauth2', accessToken: 'a', refreshToken: 'r' }),
    );
  // The integration of the tenant `broken` is broken, and that of `acme` is not.
  const all = await Promise.all(
    Array.from({ length: 121 }, async (_, n) => {
      const [id, tenantId] = [`id-${String(n).padStart(3, '0')}`, n < 120 ? 'broken' : 'acme'];
      const sealed = await sealedOf(id, tenantId);
      return {
        id,
        tenantId,
        userId: 'ada',
        integration: 'x',
        provider: 'github-app',
        sealed,
      } as StoredConnection;
    }),
  );
  const broken = { code: 'invalid_client', retryAtMs: 0 };
  const keepAlive = new KeepAlive({
    idle: {
      idleFor: (_provider, _ms, { most, after = '' }) =>
        Promise.resolve(all.filter(({ id }) => id > after).slice(0, most)),
    },
    integrations: {
      find: (tenantId: string) =>
        Promise.resolve(tenantId === 'broken' ? { tenantId, broken } : { tenantId }),
    } as unknown as Integrations,
    refresh: { run: () => Promise.resolve({ kind: 'refreshed' }) } as unknown as RefreshConnection,
    vault,
    providers: new Map([['github-app', definition]]),
    onError: () => undefined,
  });
  expect(await keepAlive.run()).toBe(1);
});
