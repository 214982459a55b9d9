/**
 * `npm run generate`: lets every project that has a `generate` script write its generated files. With `--check` nothing
 * is written, and a file that is not what would be written is an error.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

for (const parent of workspaces.map((pattern) => dirname(pattern))) {
  for (const project of readdirSync(join(root, parent))) {
    const manifest = join(root, parent, project, 'package.json');
    if (!existsSync(manifest)) continue;
    if (JSON.parse(readFileSync(manifest, 'utf8')).scripts?.generate === undefined) continue;
    const { status } = spawnSync('npm', ['run', '-s', 'generate', '--', ...process.argv.slice(2)], {
      cwd: join(root, parent, project),
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}
