import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { KeyUse } from '@action-mesh/contracts/auth-broker';
import { newKeyText, readKeyText } from '@action-mesh/identity';
import { ConfigError, type Environment, newServiceKey } from '@action-mesh/platform';

/** The keys of a mesh on one machine. */
export interface MeshKeys {
  readonly apiKey: string;
  readonly publisherToken: string;
  /** Opens the internal APIs, and signs connect links. So it outlives a start. */
  readonly serviceKey: string;
  /** Whether this start made the API key. */
  readonly isNew: boolean;
}

const fileNames: Readonly<Record<KeyUse, string>> = { api: 'api-key', publisher: 'publisher-token' };

/** Fresh keys for a mesh that keeps no data. */
export function freshKeys(): MeshKeys {
  return {
    apiKey: newKeyText('api', 'dev'),
    publisherToken: newKeyText('publisher', 'dev'),
    serviceKey: newServiceKey(),
    isNew: true,
  };
}

/** The keys in a data folder. The first start makes them, and only the owner of the folder can read them. */
export async function keysIn(folder: string): Promise<MeshKeys> {
  const [api, publisher] = [await keyIn(folder, 'api'), await keyIn(folder, 'publisher')];
  const serviceKey = await serviceKeyIn(folder);
  return { apiKey: api.key, publisherToken: publisher.key, serviceKey, isNew: api.isNew };
}

/** The key in `GATEWAY_API_KEY`, which takes the place of the kept one. Throws `ConfigError` for any other text. */
export function givenApiKey(environment: Environment): string | undefined {
  const text = environment['GATEWAY_API_KEY']?.trim() ?? '';
  if (text === '') return undefined;
  const parts = readKeyText(text);
  if (parts?.use === 'api' && parts.environment === 'dev') return text;
  const problem = 'must be an API key of the environment dev; `npm run -s new-key -- api dev` makes one';
  throw new ConfigError([{ variable: 'GATEWAY_API_KEY', problem }]);
}

export function keyFile(folder: string, use: KeyUse): string {
  return join(folder, fileNames[use]);
}

async function keyIn(
  folder: string,
  use: KeyUse,
): Promise<{ readonly key: string; readonly isNew: boolean }> {
  const file = keyFile(folder, use);
  const before = await textOf(file);
  const found = readKeyText(before.trim());
  if (found?.use === use && found.environment === 'dev') return { key: before.trim(), isNew: false };
  const key = newKeyText(use, 'dev');
  await write(file, key);
  return { key, isNew: true };
}

async function serviceKeyIn(folder: string): Promise<string> {
  const file = join(folder, 'service-key');
  const kept = (await textOf(file)).trim();
  if (kept !== '') return kept;
  const key = newServiceKey();
  await write(file, key);
  return key;
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
}

async function write(file: string, key: string): Promise<void> {
  await writeFile(`${file}.new`, `${key}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
