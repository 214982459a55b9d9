import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const projects = ['libs', 'services'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
);

/** The command of the Dockerfile that removes files from the image. */
const [removal = ''] = /find \/image\/.* -exec rm -rf \{\} \+/.exec(
  readFileSync(join(root, 'deploy/images/Dockerfile'), 'utf8'),
) ?? [''];

let image: string;

/** The files of a project after a build, with its sources. */
function filesOf(project: string): string[] {
  return readdirSync(join(root, project), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((file) => !/\/(node_modules|dist)\//.test(file))
    .flatMap((file) => {
      const built = file.replace(/\/src\/(.*)\.ts$/, '/dist/$1');
      return built === file || file.endsWith('.test.ts') ? [file] : [file, `${built}.js`, `${built}.d.ts`];
    });
}

beforeAll(() => {
  image = mkdtempSync(join(tmpdir(), 'action-mesh-image-'));
  for (const file of projects.flatMap(filesOf)) {
    mkdirSync(join(image, dirname(file)), { recursive: true });
    writeFileSync(join(image, file), '');
  }
});

afterAll(() => rmSync(image, { recursive: true, force: true }));

const inImage = (): string[] =>
  readdirSync(image, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(image.length + 1));

const forTests = /\.fake\.|\.test\.|\/(src|test|testing|fixtures)\/|^libs\/(testing|devstack)\//;

describe('an image', () => {
  it('holds no sources, tests or fakes, and all files that production code needs', () => {
    expect(inImage().filter((file) => /\/dist\/.*\.fake\.js$/.test(file))).not.toEqual([]);
    expect(inImage()).toContain('libs/kernel/dist/testing/index.js');
    const needed = inImage().filter((file) => !forTests.test(file));
    expect(needed).toContain('services/executor/dist/main.js');
    expect(needed.filter((file) => /^services\/executor\/migrations\//.test(file))).not.toEqual([]);

    execFileSync('sh', ['-c', removal.replaceAll('/image/', `${image}/`)]);

    expect(inImage().sort()).toEqual(needed.sort());
  });
});
