import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { newApiKey } from '@action-mesh/admission';

/** The key of a mesh on one machine, and whether this start made it. */
export interface MeshKey {
  readonly key: string;
  readonly isNew: boolean;
}

/** The key in a data folder: the first start makes one that only the owner of the folder can read. */
export async function keyIn(folder: string): Promise<MeshKey> {
  const file = keyFile(folder);
  const before = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  if (before.trim() !== '') return { key: before.trim(), isNew: false };
  const key = newApiKey();
  await writeFile(`${file}.new`, `${key}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return { key, isNew: true };
}

export function keyFile(folder: string): string {
  return join(folder, 'api-key');
}
