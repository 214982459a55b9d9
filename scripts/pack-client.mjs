/**
 * `node scripts/pack-client.mjs clients/sdk [folder]`: builds the package that is published, for ESM and CommonJS, and
 * packs it into the folder (default: `clients/sdk/dist`). Prints the path of the tarball.
 *
 * A workspace runs from its sources. The published package has a manifest of its own, with no other entry than these
 * files.
 */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import { build } from 'tsdown';

const root = join(import.meta.dirname, '..');
const project = resolve(process.argv[2] ?? '.');
const folder = resolve(process.argv[3] ?? join(project, 'dist'));
const staged = join(project, 'dist/package');
const manifest = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));

/** The entries by their names: `.` is `index`, `./kafka` is `kafka`. */
const entries = Object.fromEntries(
  Object.entries(manifest.exports).map(([path, { '@action-mesh/source': source }]) => [
    path === '.' ? 'index' : path.slice(2),
    join(project, source),
  ]),
);

/** Libraries of the workspace in `devDependencies` come into the bundle, with their types. */
const hasBundledLibraries = Object.keys(manifest.devDependencies ?? {}).some((name) =>
  name.startsWith('@action-mesh/'),
);

await rm(staged, { recursive: true, force: true });
await build({
  config: false,
  cwd: project,
  entry: entries,
  outDir: staged,
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  ...(hasBundledLibraries && {
    dts: { resolve: [/^@action-mesh\//], eager: true },
    inputOptions: {
      resolve: { conditionNames: ['@action-mesh/source', 'import', 'default'] },
      treeshake: { moduleSideEffects: false },
    },
  }),
  logLevel: 'error',
  outExtensions: ({ format }) =>
    format === 'cjs' ? { js: '.cjs', dts: '.d.cts' } : { js: '.mjs', dts: '.d.mts' },
});
await writeFile(join(staged, 'package.json'), `${JSON.stringify(published(), null, 2)}\n`);
// Resolvers that know no `exports` look for a folder of the entry's name.
for (const entry of Object.keys(entries).filter((name) => name !== 'index')) {
  await mkdir(join(staged, entry), { recursive: true });
  const redirect = { main: `../${entry}.cjs`, module: `../${entry}.mjs`, types: `../${entry}.d.cts` };
  await writeFile(join(staged, entry, 'package.json'), `${JSON.stringify(redirect, null, 2)}\n`);
}
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

function published() {
  const { name, version, description, license, type, dependencies, peerDependencies, peerDependenciesMeta } =
    manifest;
  return {
    name,
    version,
    description,
    license,
    type,
    engines: { node: '>=20.19' },
    sideEffects: false,
    main: './index.cjs',
    module: './index.mjs',
    types: './index.d.cts',
    exports: {
      ...Object.fromEntries(
        Object.keys(entries).map((entry) => [entry === 'index' ? '.' : `./${entry}`, filesOf(entry)]),
      ),
      './package.json': './package.json',
    },
    ...(dependencies && { dependencies }),
    ...(peerDependencies && { peerDependencies }),
    ...(peerDependenciesMeta && { peerDependenciesMeta }),
  };
}

/** @param {string} entry */
function filesOf(entry) {
  return {
    import: { types: `./${entry}.d.mts`, default: `./${entry}.mjs` },
    require: { types: `./${entry}.d.cts`, default: `./${entry}.cjs` },
  };
}
