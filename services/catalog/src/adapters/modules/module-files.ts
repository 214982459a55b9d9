import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { ToolModule } from './loader/protocol.js';

const javascript = /(?<!\.test)\.m?js$/;
const typescript = /(?<!\.test|\.d)\.m?ts$/;

export function isPath(location: string): boolean {
  return isAbsolute(location) || location.startsWith('.');
}

/** The modules of a location. If a module has a compiled form beside it, only the TypeScript counts. */
export async function modulesAt(location: string): Promise<readonly ToolModule[]> {
  if (!isPath(location)) return [{ name: location, specifier: location }];
  const folder = resolve(location);
  const files = await filesIn(folder);
  const all = new Set(files);
  return files
    .filter((file) => typescript.test(file) || (javascript.test(file) && !all.has(file.replace(/js$/, 'ts'))))
    .map((file) => {
      const path = join(folder, file);
      return { name: join(location, file), specifier: pathToFileURL(path).href, path };
    });
}

/** Changes with every edit below a folder. It covers names, sizes and times of all files that a tool may import. */
export async function fingerprintOf(location: string): Promise<string> {
  if (!isPath(location)) return location;
  const folder = resolve(location);
  try {
    const stats = await Promise.all(
      (await filesIn(folder)).map(async (file) => {
        const { size, mtimeMs } = await stat(join(folder, file));
        return `${file} ${size} ${mtimeMs}`;
      }),
    );
    return stats.join('\n');
  } catch (error) {
    // A file that disappears during the read is itself a change. A missing folder has no fingerprint.
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(sep).some((part) => part === 'node_modules' || part.startsWith('.')))
    .sort();
}

/** The folder that a location without a leading dot may mean. Such a location counts as a package. */
export async function pathMeantBy(location: string): Promise<string> {
  if (isPath(location)) return '';
  const isFolder = await stat(location).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? `; did you mean ./${location}?` : '';
}
