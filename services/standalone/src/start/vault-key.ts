import { access, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ConfigError, type Environment } from '@action-mesh/platform';
import { hasDataKeys, hasVaultKeys, newVaultKey } from '@action-mesh/vault';

/** A service that encrypts secrets. */
export type VaultOwner = 'auth-broker' | 'webhooks';

interface VaultSetting {
  readonly environment: Environment;
  readonly databaseUrl: string;
  /** Whether the database holds secrets of the service already. */
  readonly hasSecrets?: (databaseUrl: string, schema: string) => Promise<boolean>;
}

const fileNames: Readonly<Record<VaultOwner, string>> = {
  'auth-broker': 'vault-key',
  webhooks: 'webhooks-key',
};

/** The file in a data folder with the key of the stored secrets of a service. */
export function vaultKeyFile(folder: string, owner: VaultOwner): string {
  return join(folder, fileNames[owner]);
}

/**
 * The variables of a service with the key of its stored secrets. The key lies beside its data, readable only by their
 * owner. Keys in the environment take its place. Rejects with `ConfigError` if the database needs a key that is not
 * there.
 */
export async function vaultVariables(
  owner: VaultOwner,
  folder: string | undefined,
  { environment, databaseUrl, hasSecrets = hasDataKeys }: VaultSetting,
): Promise<Readonly<Record<string, string>>> {
  const schema = owner.replaceAll('-', '_');
  const prefix = schema.toUpperCase();
  if (hasVaultKeys(prefix, environment)) return {};
  if (folder === undefined) return { [`${prefix}_KEYS`]: newVaultKey() };
  const file = vaultKeyFile(folder, owner);
  if (!(await exists(file))) {
    if (await hasSecrets(databaseUrl, schema))
      throw new ConfigError([
        {
          variable: `${prefix}_KEYS`,
          problem: `is required: the database holds encrypted credentials, and their key is not in ${file}; restore that file or set the variable`,
        },
      ]);
    await writeFile(`${file}.new`, `${newVaultKey()}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  return { [`${prefix}_KEYS_FILE`]: file };
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    },
  );
}
