/**
 * Nx plugin: derives the test targets of each project from its test files. No package.json repeats them.
 *
 * - `test`: the unit tests, when the project has a `*.test.ts` beside its sources or in `test/`. Cached.
 * - `test-integration`: the tests on real Kafka, PostgreSQL and Redis. Not cached, since servers are no input of a
 *   hash.
 *
 * nx.json holds their inputs (`targetDefaults`).
 */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const integration = /\.(integration|e2e|packages)\.test\.ts$/;
const skipped = new Set(['dist', 'fixtures', 'node_modules', '.mesh']);

export const name = 'test-targets';

export const createNodes = [
  '{clients,examples,libs,services,tools}/*/package.json',
  (manifests, _options, { workspaceRoot }) =>
    manifests.map((manifest) => {
      const root = dirname(manifest);
      const files = testFiles(join(workspaceRoot, root));
      const targets = {
        ...(files.some((file) => !integration.test(file)) && { test: target(root, 'unit') }),
        ...(files.some((file) => integration.test(file)) && {
          'test-integration': target(root, 'integration'),
        }),
      };
      return [manifest, { projects: { [root]: { targets } } }];
    }),
];

function target(root, project) {
  return {
    command: `node --experimental-vm-modules node_modules/jest/bin/jest.js ${root}/ --selectProjects ${project}`,
    options: { cwd: '{workspaceRoot}' },
  };
}

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : testFiles(join(folder, entry.name));
    return entry.name.endsWith('.test.ts') ? [entry.name] : [];
  });
}
