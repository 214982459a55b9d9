import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { CliFailure, CliUsageError } from '../cli.errors.js';

const profileSchema = z.strictObject({ url: z.string(), key: z.string() });
const fileSchema = z.strictObject({
  current: z.string().exactOptional(),
  profiles: z.record(z.string(), profileSchema),
});

/** The address and the key of one mesh. */
export type MeshProfile = z.infer<typeof profileSchema>;
/** All profiles of a person, and the name of the one that commands use. */
export type ProfileFile = z.infer<typeof fileSchema>;

/** The most bytes of the file. A longer one is no file of this program. */
const largestFile = 1_048_576;

/** The file below `XDG_CONFIG_HOME`, else below `~/.config`. */
export function profilePath(environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment['HOME']?.trim() || homedir();
  const folder = environment['XDG_CONFIG_HOME']?.trim() || join(home, '.config');
  return join(folder, 'action-mesh', 'profiles.json');
}

/** The profiles in the file; none when there is no file. Throws `CliUsageError` for a damaged or open file. */
export async function readProfiles(path: string): Promise<ProfileFile> {
  let text;
  try {
    const { mode, size } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new CliUsageError(`Other users can read ${path}. Run: chmod 600 ${path}`);
    }
    if (size > largestFile) throw damaged(path, 'it is too large');
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { profiles: {} };
    if (error instanceof CliUsageError) throw error;
    throw new CliFailure(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {
      cause: error,
    });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw damaged(path, 'it is not JSON');
  }
  const read = fileSchema.safeParse(parsed);
  // The problems of zod may repeat values, so they stay out.
  if (!read.success) throw damaged(path, `${read.error.issues[0]?.path.join('.') || 'its root'} is wrong`);
  return read.data;
}

/** Replaces the file. Its owner alone can read it. */
export async function writeProfiles(path: string, file: ProfileFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${process.pid}.new`;
  await writeFile(next, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600 });
  await chmod(next, 0o600);
  await rename(next, path);
}

function damaged(path: string, reason: string): CliUsageError {
  return new CliUsageError(`${path} is damaged: ${reason}. Remove it, and run \`mesh login\` again.`);
}
