/**
 * Compiles every changed source file to the `dist` folder of its project, in about a second for all files. It checks no
 * types; `npm run types` does. `npm run build` writes the same files and checks them.
 *
 * `node scripts/compile.mjs` compiles. `node --import ./scripts/compile.mjs <file>` compiles and then runs the file.
 */
import { spawnSync } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const root = join(import.meta.dirname, '..');
const kinds = ['libs', 'services', 'clients', 'examples', 'tools'];

if (isMainThread) await compileChanged();

async function compileChanged() {
  const projects = (await Promise.all(kinds.map((kind) => foldersIn(join(root, kind))))).flat();
  const changed = (await Promise.all(projects.map(changedIn))).flat();
  if (changed.length === 0) return;
  // The compiler needs much memory, so it runs in a process of its own.
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/compile-files.mjs')], {
    input: JSON.stringify(changed),
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** @param {string} folder */
async function foldersIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/**
 * The sources of a project that are newer than their compiled files, each with the path of its compiled file.
 *
 * @param {string} project
 */
async function changedIn(project) {
  const names = await readdir(join(project, 'src'), { recursive: true }).catch(() => []);
  const pairs = names
    .filter((name) => name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(name))
    .map((name) => [join(project, 'src', name), join(project, 'dist', name.replace(/\.ts$/, '.js'))]);
  const isChanged = await Promise.all(
    pairs.map(async ([source, target]) => (await changedAt(target)) < (await changedAt(source))),
  );
  return pairs.filter((_pair, index) => isChanged[index]);
}

/**
 * @param {string} file
 * @returns {Promise<number>} -1 for a missing file
 */
async function changedAt(file) {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => -1,
  );
}
