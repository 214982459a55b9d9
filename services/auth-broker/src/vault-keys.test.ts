import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newVaultKey } from '@action-mesh/vault';

import { authBrokerConfig } from './config.js';

const others = {
  KAFKA_BROKERS: 'k1:9092',
  DATABASE_URL: 'postgres://mesh@db/mesh',
  MESH_SERVICE_KEY: 'k'.repeat(48),
};
const read = (variables: Readonly<Record<string, string>>) =>
  authBrokerConfig({ ...others, ...variables }).vault;
const transit = {
  AUTH_BROKER_TRANSIT_URL: 'https://vault.example.com:8200',
  AUTH_BROKER_TRANSIT_KEY: 'mesh',
  AUTH_BROKER_TRANSIT_TOKEN_FILE: '/run/vault-token',
};

describe('the keys of the vault', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vault-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('are in a variable, in a file, or in a Transit engine', () => {
    const [one, two] = [newVaultKey(), newVaultKey()];
    const kids = [one, two].map((entry) => entry.slice(0, entry.indexOf(':')));
    const file = join(folder, 'keys');
    writeFileSync(file, `${one}\n${two}\n`);
    for (const variables of [{ AUTH_BROKER_KEYS: `${one},${two}` }, { AUTH_BROKER_KEYS_FILE: file }])
      expect(read(variables)).toMatchObject({ kind: 'ring', keys: kids.map((kid) => ({ kid })) });
    expect(read(transit)).toEqual({
      kind: 'transit',
      url: 'https://vault.example.com:8200',
      keyName: 'mesh',
      setting: 'AUTH_BROKER_TRANSIT_KEY',
      tokenFile: '/run/vault-token',
    });
  });

  it('are required, and the message says how to make one', () => {
    expect(() => read({})).toThrow(/AUTH_BROKER_KEYS is required.*npm run new-key -- vault/);
  });

  it('are given in exactly one way', () => {
    const both = { AUTH_BROKER_KEYS: newVaultKey(), ...transit };
    expect(() => read(both)).toThrow(/AUTH_BROKER_KEYS excludes/);
    expect(() =>
      read({ AUTH_BROKER_KEYS: newVaultKey(), AUTH_BROKER_KEYS_FILE: join(folder, 'keys') }),
    ).toThrow(/AUTH_BROKER_KEYS excludes/);
  });

  it('name the missing variables of a Transit engine, and a file that is not there', () => {
    expect(() => read({ AUTH_BROKER_TRANSIT_KEY: 'mesh' })).toThrow(
      /AUTH_BROKER_TRANSIT_URL.*AUTH_BROKER_TRANSIT_TOKEN_FILE/s,
    );
    expect(() => read({ AUTH_BROKER_KEYS_FILE: join(folder, 'none') })).toThrow(/AUTH_BROKER_KEYS_FILE/);
  });

  it('are shown in no message and in no dump of the configuration', () => {
    const entry = newVaultKey();
    const secret = entry.slice(entry.indexOf(':') + 1);
    expect(JSON.stringify(read({ AUTH_BROKER_KEYS: entry }))).not.toContain(secret.slice(0, 10));
    expect(() => read({ AUTH_BROKER_KEYS: secret })).not.toThrow(secret.slice(0, 10));
    expect(() => read({ AUTH_BROKER_KEYS: secret })).toThrow(/AUTH_BROKER_KEYS entry 1/);
  });
});
