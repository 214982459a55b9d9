import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { defined, parseUrl } from '@action-mesh/kernel';

import { CliUsageError } from '../cli.errors.js';
import { profilePath, readProfiles } from './profile-file.js';

/** Options that choose a mesh. */
export interface AccessOptions {
  readonly profile?: string | undefined;
  readonly url?: string | undefined;
}

/** The mesh that a command talks to. */
export interface MeshAccess {
  /** Without a slash at the end. */
  readonly url: string;
  readonly key: string;
  /** The source of the address and the key, in words. */
  readonly source: string;
}

interface AccessPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
}

/** The address of a gateway on this machine with the default port. */
export const localUrl = 'http://127.0.0.1:8080';
const addressSettings = 'The address of the mesh (--url, MESH_URL, or the profile)';

/**
 * The address and the key for a command: `--url` and `--profile` first, then `MESH_URL` and `MESH_KEY`, then the current
 * profile, then the key of a mesh on this machine. Throws `CliUsageError` when there is no key.
 */
export async function findAccess(options: AccessOptions, place: AccessPlace): Promise<MeshAccess> {
  const { environment } = place;
  const key = textOf(environment['MESH_KEY']);
  const { profile: chosen, url } = chosenMesh(options, environment);
  if (key !== undefined && options.profile === undefined) {
    return access(url ?? localUrl, key, 'MESH_KEY');
  }
  const path = profilePath(environment);
  const { current, profiles } = await readProfiles(path);
  const name = chosen ?? current;
  const profile = name === undefined || !Object.hasOwn(profiles, name) ? undefined : profiles[name];
  if (name !== undefined && profile === undefined) {
    const known = Object.keys(profiles);
    throw new CliUsageError(
      `There is no profile ${name}. ${known.length === 0 ? 'There are none yet' : `There are: ${known.join(', ')}`}. \`mesh login --profile ${name}\` makes it.`,
    );
  }
  if (profile !== undefined && name !== undefined) {
    // The CLI sends a key only to its own mesh. Another address in the environment must not receive it.
    if (url !== undefined && checkedUrl(url, addressSettings) !== profile.url) {
      throw new CliUsageError(
        `The profile ${name} is for another address than --url or MESH_URL. Set MESH_KEY too, or name another --profile.`,
      );
    }
    return access(profile.url, profile.key, `the profile ${name}`);
  }
  const found = await keyOfThisMachine(place);
  if (found !== undefined && (url === undefined || isThisMachine(url)))
    return access(url ?? found.url ?? localUrl, found.key, found.file);
  throw new CliUsageError(
    'There is no API key. Run `mesh login`, or set MESH_KEY (and MESH_URL). Beside `npm start`, run the command in its checkout.',
  );
}

/** The profile and the address that the options name, else those of `MESH_PROFILE` and `MESH_URL`. */
export function chosenMesh(
  { profile, url }: AccessOptions,
  environment: Readonly<Record<string, string | undefined>>,
): AccessOptions {
  return {
    profile: profile ?? textOf(environment['MESH_PROFILE']),
    url: textOf(url) ?? textOf(environment['MESH_URL']),
  };
}

function isThisMachine(url: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(parseUrl(url.trim())?.hostname ?? '');
}

/** Checks an address of a gateway. Throws `CliUsageError`, which names the setting and not its value. */
export function checkedUrl(text: string, setting: string): string {
  const url = parseUrl(text.trim());
  const isGood =
    url !== undefined &&
    ['http:', 'https:'].includes(url.protocol) &&
    [url.username, url.password, url.search, url.hash].every((part) => part === '');
  if (!isGood) {
    throw new CliUsageError(`${setting} must be an http or https URL without user info, query and fragment.`);
  }
  return url.href.replace(/\/+$/, '');
}

/** Checks the form of a key. Throws `CliUsageError`, which names the setting and not its value. */
export function checkedKey(text: string, setting: string): string {
  const key = text.trim();
  if (!/^[\x21-\x7e]{1,4096}$/.test(key)) {
    throw new CliUsageError(`${setting} must be an API key: one word of printable ASCII characters.`);
  }
  return key;
}

function access(url: string, key: string, source: string): MeshAccess {
  return {
    url: checkedUrl(url, addressSettings),
    key: checkedKey(key, `The key of ${source}`),
    source,
  };
}

/** The key that `npm start` keeps in `.mesh/data`, in this folder or one above it. */
async function keyOfThisMachine({
  environment,
  folder,
}: AccessPlace): Promise<{ readonly key: string; readonly url?: string; readonly file: string } | undefined> {
  const stack = textOf(environment['MESH_STACK_FOLDER']);
  const folders = stack === undefined ? [] : [resolve(folder, stack)];
  for (let at = resolve(folder); ; at = dirname(at)) {
    folders.push(join(at, '.mesh'));
    if (dirname(at) === at) break;
  }
  const port = textOf(environment['PORT']);
  const url = port !== undefined && /^\d{1,5}$/.test(port) ? `http://127.0.0.1:${port}` : undefined;
  for (const candidate of folders) {
    const file = join(candidate, 'data', 'api-key');
    const key = await readFile(file, 'utf8').catch(() => undefined);
    if (key !== undefined && key.trim() !== '') return { key, file, ...defined({ url }) };
  }
  return undefined;
}

/** An empty variable counts as not set. */
function textOf(value: string | undefined): string | undefined {
  const text = value?.trim() ?? '';
  return text === '' ? undefined : text;
}
