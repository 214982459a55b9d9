/**
 * Runs the real rules over the fixtures and prints their findings as one JSON object.
 *
 * ESLint sees each fixture at the path inside its folder, as if it were part of this checkout. So the real
 * configuration and the real project graph apply. dependency-cruiser reads files, so each folder is copied into a
 * temporary workspace of hollow packages: the real package.json files, and an empty file behind each export.
 *
 * It runs in a process of its own, because ESLint, Nx and dependency-cruiser load native and CommonJS code, and Jest's
 * module registry cannot.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

import { cruise } from 'dependency-cruiser';
import { ESLint } from 'eslint';
import { createProjectGraphAsync } from 'nx/src/devkit-exports.js';
import tseslint from 'typescript-eslint';

import cruiser from '../../.dependency-cruiser.mjs';
import { contractsByService } from './contracts-by-service.mjs';

const root = join(import.meta.dirname, '../..');
const fixtures = join(import.meta.dirname, 'fixtures');
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const projectFolders = workspaces.map((pattern) => dirname(pattern));

/** The fixture trees: one folder per rule and tool, and one without violations. */
function treesOf(tool) {
  const ofTool = readdirSync(join(fixtures, tool)).map((name) => ({
    name,
    folder: join(fixtures, tool, name),
  }));
  return [...ofTool, { name: 'clean', folder: join(fixtures, 'clean') }];
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

async function lintAll() {
  // Without a cached project graph, the Nx rule skips itself without a message.
  await createProjectGraphAsync();
  const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });
  const verdicts = {};
  for (const { name, folder } of treesOf('eslint')) {
    verdicts[name] = [];
    for (const file of filesIn(folder)) {
      const code = readFileSync(join(folder, file), 'utf8');
      const [result] = await eslint.lintText(code, { filePath: join(root, file), warnIgnored: true });
      verdicts[name].push(...result.messages.map(({ ruleId, message }) => ({ file, rule: ruleId, message })));
    }
  }
  return verdicts;
}

/** Creates every project of the workspace as its package.json and empty exports, beside the installed packages. */
function hollowWorkspace(folder) {
  mkdirSync(join(folder, 'node_modules/@action-mesh'), { recursive: true });
  for (const parent of projectFolders) {
    for (const project of readdirSync(join(root, parent))) {
      const manifestFile = join(root, parent, project, 'package.json');
      if (!existsSync(manifestFile)) continue;
      const home = join(folder, parent, project);
      mkdirSync(home, { recursive: true });
      cpSync(manifestFile, join(home, 'package.json'));
      const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
      for (const entry of Object.values(manifest.exports ?? {})) {
        const file = join(home, entry['@action-mesh/source']);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, 'export {};\n');
      }
      symlinkSync(home, join(folder, 'node_modules', manifest.name));
    }
  }
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@action-mesh' || name.startsWith('.')) continue;
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const file of ['tsconfig.json', 'tsconfig.base.json', 'package.json'])
    cpSync(join(root, file), join(folder, file));
}

async function cruiseAll() {
  const workspace = mkdtempSync(join(tmpdir(), 'action-mesh-boundaries-'));
  const verdicts = {};
  try {
    for (const { name, folder } of treesOf('dependency-cruiser')) {
      const home = join(workspace, name);
      hollowWorkspace(home);
      cpSync(folder, home, { recursive: true });
      const { output } = await cruise(
        projectFolders.filter((name) => existsSync(join(home, name))),
        {
          ...cruiser.options,
          baseDir: home,
          ruleSet: { forbidden: cruiser.forbidden },
          validate: true,
        },
        cruiser.options.enhancedResolveOptions,
      );
      verdicts[name] = output.summary.violations.map(({ from, to, rule }) => ({
        file: from,
        rule: rule.name,
        message: to,
      }));
    }
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
  return verdicts;
}

const report = {
  eslint: await lintAll(),
  'dependency-cruiser': await cruiseAll(),
  cruiserRules: cruiser.forbidden.map(({ name, comment }) => ({ name, comment })),
  contractsByService,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
