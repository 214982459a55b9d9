import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { findAccess, localUrl, type AccessOptions } from './find-access.js';
import { profilePath, readProfiles, writeProfiles } from './profile-file.js';

let folder: string;
let home: { readonly XDG_CONFIG_HOME: string };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-access-'));
  home = { XDG_CONFIG_HOME: join(folder, 'config') };
});

afterEach(() => rm(folder, { recursive: true }));

const access = (environment: Record<string, string> = {}, options: AccessOptions = {}) =>
  findAccess(options, { environment: { ...home, ...environment }, folder: join(folder, 'project') });

const store = (): Promise<void> =>
  writeProfiles(profilePath(home), {
    current: 'work',
    profiles: {
      work: { url: 'https://mesh.work.test', key: 'mesh_live_work' },
      test: { url: 'https://mesh.test', key: 'mesh_test_key' },
    },
  });

async function keepLocalKey(): Promise<void> {
  await mkdir(join(folder, '.mesh/data'), { recursive: true });
  await writeFile(join(folder, '.mesh/data/api-key'), 'mesh_dev_local\n');
}

describe('the mesh of a command', () => {
  it('comes from the environment before a profile, and from a profile before this machine', async () => {
    await keepLocalKey();
    expect(await access()).toMatchObject({ url: localUrl, key: 'mesh_dev_local' });
    await store();
    expect(await access()).toMatchObject({ url: 'https://mesh.work.test', key: 'mesh_live_work' });
    expect(await access({ MESH_PROFILE: 'test' })).toMatchObject({ key: 'mesh_test_key' });
    const variables = { MESH_URL: 'https://other.test/', MESH_KEY: ' mesh_live_other ' };
    expect(await access(variables)).toMatchObject({ url: 'https://other.test', key: 'mesh_live_other' });
    const named = await access({ MESH_KEY: 'mesh_live_other' }, { profile: 'test' });
    expect(named).toMatchObject({ key: 'mesh_test_key' });
  });

  it('never gets the key of another mesh', async () => {
    await keepLocalKey();
    await expect(access({ MESH_URL: 'https://foreign.test' })).rejects.toThrow('There is no API key');
    expect(await access({ MESH_URL: 'http://localhost:9000' })).toMatchObject({ key: 'mesh_dev_local' });
    await store();
    await expect(access({}, { url: 'https://foreign.test' })).rejects.toThrow('another address');
    expect(await access({}, { url: 'https://mesh.work.test/' })).toMatchObject({ key: 'mesh_live_work' });
  });

  it('needs a key, a known profile and an address without secrets, and errors show no value', async () => {
    await expect(access()).rejects.toThrow('mesh login');
    await expect(access({}, { profile: 'nowhere' })).rejects.toThrow('There is no profile nowhere');
    await expect(access({}, { profile: '__proto__' })).rejects.toThrow('There is no profile');
    for (const MESH_URL of ['ftp://secret', 'http://secret@mesh.test', 'secret', 'http://a.test/?secret']) {
      await expect(access({ MESH_KEY: 'k', MESH_URL })).rejects.toThrow(/^(?!.*secret).*http or https URL/);
    }
    await expect(access({ MESH_KEY: 'sec\nret' })).rejects.toThrow(/^(?!.*sec).*must be an API key/);
  });
});

describe('the file of profiles', () => {
  it('is for its owner alone', async () => {
    await store();
    const path = profilePath(home);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    await chmod(path, 0o644);
    await expect(access()).rejects.toThrow(`chmod 600 ${path}`);
  });

  it.each([
    ['secret', 'it is not JSON'],
    ['{"profiles":{"a":{"key":"secret"}}}', 'profiles.a.url is wrong'],
    ['[]', 'its root is wrong'],
    ['{"profiles":{},"secret":1}', 'its root is wrong'],
    [`"${'x'.repeat(1_100_000)}"`, 'it is too large'],
  ])('that is damaged is named, not shown', async (text, message) => {
    const path = profilePath(home);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: 0o600 });
    await expect(readProfiles(path)).rejects.toThrow(message);
    await expect(readProfiles(path)).rejects.not.toThrow('secret');
  });
});
