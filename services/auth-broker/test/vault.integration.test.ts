import { DataKeys, UnreadableSecretError, type KeyProvider } from '@action-mesh/crypto';
import { createPool } from '@action-mesh/postgres';
import { leakCheck } from '@action-mesh/testing';
import { hasDataKeys, keyProviderOf, newVaultKey, PostgresDataKeyStore } from '@action-mesh/vault';
import type { Pool } from 'pg';

import { EnvelopeVault } from '../src/adapters/vault/envelope-vault.js';
import type { SecretOwner } from '../src/application/connections/vault.port.js';
import { authBrokerConfig } from '../src/index.js';
import { BrokerHarness } from './broker-harness.js';

const day = 86_400_000;
const owner: SecretOwner = {
  tenantId: 'default',
  userId: 'ada',
  provider: 'github',
  id: '01998c50-0000-7a0b-8c0d-0e0f10111213',
};

let mesh: BrokerHarness;
let pool: Pool;

beforeAll(async () => {
  mesh = await BrokerHarness.start();
  // The start makes the schema, and a key of the platform makes the tenant `default`.
  const broker = await mesh.broker();
  await broker.close();
  pool = createPool({
    url: mesh.database.url,
    schema: 'auth_broker',
    role: 'service',
    applicationName: 'vault-test',
    maxConnections: 4,
  });
  // The leak check counts connections, so all of them are open before the first test.
  const clients = await Promise.all(Array.from({ length: 4 }, () => pool.connect()));
  for (const client of clients) client.release();
  await pool.query(
    `INSERT INTO tenant (tenant_id, created_at) VALUES ('default', now()), ('globex', now()) ON CONFLICT DO NOTHING`,
  );
});
afterAll(async () => {
  await pool.end();
  await mesh[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await pool.query('DELETE FROM data_key_wrap');
  await pool.query('DELETE FROM data_key');
});
leakCheck();

function providerOf(keys: string): KeyProvider {
  return keyProviderOf(mesh.config({ AUTH_BROKER_KEYS: keys }).vault);
}

/** A vault without cached keys, as a broker has it after its start. */
function vaultWith(keys: string): { readonly keys: DataKeys; readonly vault: EnvelopeVault } {
  const dataKeys = new DataKeys(providerOf(keys), new PostgresDataKeyStore(pool));
  return { keys: dataKeys, vault: new EnvelopeVault(dataKeys) };
}

describe('a secret in the database', () => {
  it.each([
    ['tenant', { tenantId: 'globex' }],
    ['user', { userId: 'eve' }],
    ['provider', { provider: 'slack' }],
    ['connection', { id: '01998c50-0000-7a0b-8c0d-0e0f10111214' }],
  ])('does not open for another %s', async (_, changes) => {
    const { vault } = vaultWith(mesh.vaultKey);
    const sealed = await vault.seal(owner, 'credential', 'gho_secret');
    // The other tenant has a data key too, so the place alone makes the difference.
    await vault.seal({ ...owner, ...changes }, 'credential', 'other');
    expect(await vault.open(owner, 'credential', sealed)).toBe('gho_secret');
    await expect(vault.open({ ...owner, ...changes }, 'credential', sealed)).rejects.toThrow(
      UnreadableSecretError,
    );
  });

  it('does not open in another column, and not after an alteration', async () => {
    const { vault } = vaultWith(mesh.vaultKey);
    const sealed = await vault.seal(owner, 'credential', 'gho_secret');
    await expect(vault.open(owner, 'orphan', sealed)).rejects.toThrow(UnreadableSecretError);
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    await expect(vault.open(owner, 'credential', sealed)).rejects.toThrow(UnreadableSecretError);
  });

  it('does not open for a tenant to whose rows someone moved the data key too', async () => {
    const { vault } = vaultWith(mesh.vaultKey);
    const sealed = await vault.seal(owner, 'credential', 'gho_secret');
    await pool.query(`UPDATE data_key SET tenant_id = 'globex'`);
    await pool.query(`UPDATE data_key_wrap SET tenant_id = 'globex'`);
    const moved = vaultWith(mesh.vaultKey).vault.open({ ...owner, tenantId: 'globex' }, 'credential', sealed);
    await expect(moved).rejects.toThrow(UnreadableSecretError);
  });

  it('has one data key although many writers begin at once', async () => {
    const vaults = Array.from({ length: 8 }, () => vaultWith(mesh.vaultKey).vault);
    const sealed = await Promise.all(
      vaults.map((vault, n) => vault.seal(owner, 'credential', `secret ${n}`)),
    );
    expect((await pool.query('SELECT FROM data_key')).rowCount).toBe(1);
    const { vault } = vaultWith(mesh.vaultKey);
    for (const [n, each] of sealed.entries())
      expect(await vault.open(owner, 'credential', each)).toBe(`secret ${n}`);
  });
});

describe('the exchange of the keys of two brokers', () => {
  it('leaves everything readable at every step [EK1]', async () => {
    const [k1, k2] = [newVaultKey(), newVaultKey()];
    const sealed: Buffer[] = [];
    let rings = [k1, k1];
    for (const [side, ring] of [
      [0, k1],
      [0, `${k2},${k1}`],
      [1, `${k2},${k1}`],
      [0, k2],
      [1, k2],
    ] as const) {
      rings = rings.with(side, ring);
      const brokers = rings.map((keys) => vaultWith(keys));
      for (const { keys } of brokers) await keys.check();
      await Promise.all([
        ...brokers.map(async ({ vault }) => sealed.push(await vault.seal(owner, 'credential', 'kept'))),
        ...brokers.map(({ keys }) => keys.rewrap()),
      ]);
      for (const keys of rings)
        for (const each of sealed)
          expect(await vaultWith(keys).vault.open(owner, 'credential', each)).toBe('kept');
      // A new data key at each step.
      await pool.query('UPDATE data_key SET retired_at = now() WHERE retired_at IS NULL');
    }
    const { rows } = await pool.query<{ kid: string }>('SELECT DISTINCT kid FROM data_key_wrap');
    expect(rows).toHaveLength(2);
    const later = new DataKeys(providerOf(k2), new PostgresDataKeyStore(pool), {
      now: () => Date.now() + 2 * day,
      monotonicMs: () => performance.now(),
    });
    expect((await later.rewrap()).dropped).toBeGreaterThan(0);
    expect((await pool.query('SELECT DISTINCT kid FROM data_key_wrap')).rowCount).toBe(1);
    for (const each of sealed) expect(await vaultWith(k2).vault.open(owner, 'credential', each)).toBe('kept');
  });
});

describe('a broker', () => {
  it('does not start with keys that cannot open the database, and names the missing key [EK3]', async () => {
    expect(await hasDataKeys(mesh.database.url, 'auth_broker')).toBe(false);
    await vaultWith(mesh.vaultKey).vault.seal(owner, 'credential', 'x');
    expect(await hasDataKeys(mesh.database.url, 'auth_broker')).toBe(true);
    const kid = mesh.vaultKey.slice(0, mesh.vaultKey.indexOf(':'));
    await expect(mesh.broker({ AUTH_BROKER_KEYS: newVaultKey() })).rejects.toThrow(
      `only ${kid} can open; add that key to AUTH_BROKER_KEYS`,
    );
    const wrong = `${kid}:${newVaultKey().split(':')[1]}`;
    await expect(mesh.broker({ AUTH_BROKER_KEYS: wrong })).rejects.toThrow(
      `the key ${kid} in AUTH_BROKER_KEYS`,
    );
  });

  it('wraps the data keys under its current key when it starts', async () => {
    await vaultWith(mesh.vaultKey).vault.seal(owner, 'credential', 'x');
    const fresh = newVaultKey();
    const broker = await mesh.broker({ AUTH_BROKER_KEYS: `${fresh},${mesh.vaultKey}` });
    await broker.close();
    await vaultWith(fresh).keys.check();
  });

  it('does not start without keys', () => {
    const { AUTH_BROKER_KEYS: _, ...others } = {
      AUTH_BROKER_KEYS: '',
      KAFKA_BROKERS: 'k:1',
      DATABASE_URL: mesh.database.url,
      MESH_SERVICE_KEY: 'k'.repeat(48),
    };
    expect(() => authBrokerConfig(others)).toThrow('npm run new-key -- vault');
  });
});
