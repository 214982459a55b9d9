import { access, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { hasHistory, newSigningKey } from '@action-mesh/audit';
import { ConfigError, type Environment } from '@action-mesh/platform';

const names = ['AUDIT_SIGNING_KEY', 'AUDIT_SIGNING_KEY_FILE'] as const;

interface AuditKeySetting {
  readonly environment: Environment;
  readonly databaseUrl: string;
  /** Whether the database holds a signed history already. */
  readonly isSigned?: (databaseUrl: string) => Promise<boolean>;
}

/**
 * The variables of audit with the key that signs the history. The key lies beside the data, readable only by their owner.
 * A key in the environment takes its place. A mesh without kept data gets a new one. Rejects with `ConfigError` if the
 * history has a key that is not there.
 */
export async function auditVariables(
  folder: string | undefined,
  { environment, databaseUrl, isSigned = hasHistory }: AuditKeySetting,
): Promise<Readonly<Record<string, string>>> {
  if (names.some((name) => (environment[name] ?? '').trim() !== '')) return {};
  if (folder === undefined) return { AUDIT_SIGNING_KEY: newSigningKey() };
  const file = join(folder, 'audit-key');
  if (!(await exists(file))) {
    if (await isSigned(databaseUrl))
      throw new ConfigError([
        {
          variable: 'AUDIT_SIGNING_KEY',
          problem: `is required: the database holds a signed history, and its key is not in ${file}; restore that file, or set the variable to a new key and AUDIT_FORMER_PUBLIC_KEYS to the public key of the former one`,
        },
      ]);
    await writeFile(`${file}.new`, `${newSigningKey()}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  return { AUDIT_SIGNING_KEY_FILE: file };
}

/** Another fault than a missing file is no reason for a new key. */
function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    },
  );
}
