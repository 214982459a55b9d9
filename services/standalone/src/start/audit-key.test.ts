import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Environment } from '@action-mesh/platform';

import { auditVariables } from './audit-key.js';

const settingOf = (isSigned: boolean, environment: Environment = {}) => ({
  environment,
  databaseUrl: 'postgres://mesh@db/mesh',
  isSigned: () => Promise.resolve(isSigned),
});

describe('the key that signs the history', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'audit-key-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is made once, beside the data, and is readable only by its owner', async () => {
    const file = join(folder, 'audit-key');
    const variables = await auditVariables(folder, settingOf(false));
    expect(variables).toEqual({ AUDIT_SIGNING_KEY_FILE: file });
    const text = await readFile(file, 'utf8');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await auditVariables(folder, settingOf(true))).toEqual(variables);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('is never replaced while the database has a history of the former one', async () => {
    await expect(auditVariables(folder, settingOf(true))).rejects.toThrow(
      /AUDIT_SIGNING_KEY is required.*audit-key.*AUDIT_FORMER_PUBLIC_KEYS/,
    );
    await expect(stat(join(folder, 'audit-key'))).rejects.toThrow('ENOENT');
  });

  it('is not made when the folder cannot be read', async () => {
    const noFolder = join(folder, 'file');
    await writeFile(noFolder, '');
    await expect(auditVariables(noFolder, settingOf(false))).rejects.toMatchObject({
      code: 'ENOTDIR',
      syscall: 'access',
    });
  });

  it('is fresh for a mesh without kept data, and absent where the environment has one', async () => {
    const fresh = await auditVariables(undefined, settingOf(false));
    expect(fresh).toEqual({ AUDIT_SIGNING_KEY: expect.stringMatching(/^[\w-]{43}$/) as string });
    expect(await auditVariables(folder, settingOf(true, { AUDIT_SIGNING_KEY: 'k' }))).toEqual({});
    await expect(stat(join(folder, 'audit-key'))).rejects.toThrow('ENOENT');
  });
});
