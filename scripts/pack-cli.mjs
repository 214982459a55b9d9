/**
 * `node scripts/pack-cli.mjs [folder]`: bundles `clients/cli` with everything that it imports, and packs it into the folder
 * (default: `clients/cli/dist`). The packed program has no dependency. Prints the path of the tarball.
 */
import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import { build } from 'tsdown';

const root = join(import.meta.dirname, '..');
const project = join(root, 'clients/cli');
const folder = resolve(process.argv[2] ?? join(project, 'dist'));
const staged = join(project, 'dist/package');
const { name, version, description, license } = JSON.parse(
  await readFile(join(project, 'package.json'), 'utf8'),
);

await rm(staged, { recursive: true, force: true });
await build({
  config: false,
  cwd: project,
  entry: { mesh: join(project, 'src/main.ts') },
  outDir: staged,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  noExternal: /./,
  inlineOnly: false,
  dts: false,
  logLevel: 'error',
  inputOptions: { resolve: { conditionNames: ['@action-mesh/source', 'import', 'node', 'default'] } },
  outExtensions: () => ({ js: '.mjs' }),
});
await chmod(join(staged, 'mesh.mjs'), 0o755);
const manifest = {
  name,
  version,
  description,
  license,
  type: 'module',
  engines: { node: '>=20.19' },
  bin: { mesh: './mesh.mjs' },
};
await writeFile(join(staged, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
for (const file of [join(project, 'README.md'), join(root, 'LICENSE')]) {
  await cp(file, join(staged, basename(file)));
}
await mkdir(folder, { recursive: true });
const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: staged,
    encoding: 'utf8',
  }),
);
console.log(join(folder, packed.filename));
