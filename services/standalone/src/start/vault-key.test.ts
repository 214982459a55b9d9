import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Environment } from '@action-mesh/platform';
import { newVaultKey } from '@action-mesh/vault';

import { vaultKeyFile, vaultVariables } from './vault-key.js';

const no = () => Promise.resolve(false);
const yes = () => Promise.resolve(true);
const settingOf = (environment: Environment, hasSecrets: () => Promise<boolean>) => ({
  environment,
  databaseUrl: 'postgres://mesh@db/mesh',
  hasSecrets,
});

describe('the key of stored credentials', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vault-key-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is made once, beside the data, and is readable only by its owner', async () => {
    const variables = await vaultVariables('auth-broker', folder, settingOf({}, no));
    expect(variables).toEqual({ AUTH_BROKER_KEYS_FILE: vaultKeyFile(folder, 'auth-broker') });
    const text = await readFile(vaultKeyFile(folder, 'auth-broker'), 'utf8');
    expect((await stat(vaultKeyFile(folder, 'auth-broker'))).mode & 0o777).toBe(0o600);
    expect(await vaultVariables('auth-broker', folder, settingOf({}, yes))).toEqual(variables);
    expect(await readFile(vaultKeyFile(folder, 'auth-broker'), 'utf8')).toBe(text);
  });

  it('is never replaced while the database needs the former one', async () => {
    await expect(vaultVariables('auth-broker', folder, settingOf({}, yes))).rejects.toThrow(
      /AUTH_BROKER_KEYS is required.*vault-key/,
    );
    await expect(stat(vaultKeyFile(folder, 'auth-broker'))).rejects.toThrow('ENOENT');
  });

  it('is another one for each service', async () => {
    const one = await vaultVariables('webhooks', folder, settingOf({}, no));
    expect(one).toEqual({ WEBHOOKS_KEYS_FILE: vaultKeyFile(folder, 'webhooks') });
    expect(await vaultVariables('auth-broker', folder, settingOf({}, no))).not.toEqual(one);
  });

  it('is fresh for a mesh without kept data, and absent where the environment has one', async () => {
    const fresh = await vaultVariables('auth-broker', undefined, settingOf({}, no));
    expect(fresh).toEqual({ AUTH_BROKER_KEYS: expect.stringMatching(/^k-.*:/) as unknown });
    expect(
      await vaultVariables('auth-broker', folder, settingOf({ AUTH_BROKER_KEYS: newVaultKey() }, yes)),
    ).toEqual({});
  });
});
