import { access, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { newSigningKey } from '@action-mesh/audit';
import type { Environment } from '@action-mesh/platform';

const names = ['AUDIT_SIGNING_KEY', 'AUDIT_SIGNING_KEY_FILE'] as const;

/**
 * The variables of audit with the key that signs the history. The key lies beside the data, readable only by their owner.
 * A key in the environment takes its place. A mesh without kept data gets a new one.
 */
export async function auditVariables(
  folder: string | undefined,
  environment: Environment,
): Promise<Readonly<Record<string, string>>> {
  if (names.some((name) => (environment[name] ?? '').trim() !== '')) return {};
  if (folder === undefined) return { AUDIT_SIGNING_KEY: newSigningKey() };
  const file = join(folder, 'audit-key');
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!exists) {
    await writeFile(`${file}.new`, `${newSigningKey()}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  return { AUDIT_SIGNING_KEY_FILE: file };
}
