import { execFileSync, spawnSync } from 'node:child_process';
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
import { basename, delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const parents = ['clients', 'examples', 'libs', 'services', 'tools'];
const left = new Set(['node_modules', 'dist', '.git', '.nx', '.mesh', 'coverage']);

/** A copy of the checkout. Its packages resolve inside the copy; installed packages are shared. */
let checkout: string;

beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'action-mesh-new-'));
  cpSync(root, checkout, { recursive: true, filter: (path) => !left.has(basename(path)) });
  mkdirSync(join(checkout, 'node_modules/@action-mesh'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@action-mesh' && name !== '.cache')
      symlinkSync(join(root, 'node_modules', name), join(checkout, 'node_modules', name));
  }
  for (const parent of parents) {
    for (const project of readdirSync(join(checkout, parent))) {
      if (existsSync(join(checkout, parent, project, 'package.json'))) link(`${parent}/${project}`);
      const own = join(root, parent, project, 'node_modules');
      if (existsSync(own)) symlinkSync(own, join(checkout, parent, project, 'node_modules'));
    }
  }
});

afterAll(() => {
  rmSync(checkout, { recursive: true, force: true });
});

function link(project: string): void {
  const { name } = JSON.parse(readFileSync(join(checkout, project, 'package.json'), 'utf8')) as {
    readonly name: string;
  };
  symlinkSync(join(checkout, project), join(checkout, 'node_modules', name));
}

/** `npm run new -- …` in the copy, where `npm install` does nothing. */
function generate(...words: string[]) {
  const programs = join(checkout, 'programs');
  mkdirSync(programs, { recursive: true });
  const npm = execFileSync('which', ['npm'], { encoding: 'utf8' }).trim();
  writeFileSync(
    join(programs, 'npm'),
    `#!/bin/sh\nif [ "$1" = install ]; then exit 0; fi\nexec '${npm}' "$@"\n`,
    { mode: 0o755 },
  );
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'new', '--', ...words], {
    cwd: checkout,
    encoding: 'utf8',
    env: { ...process.env, PATH: [programs, process.env['PATH']].join(delimiter) },
  });
  return { status, stdout, stderr };
}

/** Runs an installed program in the copy. Returns its status, and its output if the status is not 0. */
function check(program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', join('node_modules', program), ...args],
    { cwd: checkout, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' } },
  );
  return { status, printed: status === 0 ? '' : `${stdout}${stderr}` };
}

const passed = { status: 0, printed: '' };

describe('npm run new', () => {
  it('writes a service that passes every check, and an event of that service', () => {
    const service = generate('service', 'call-archive', 'Keeps the outcomes of calls for years.');
    expect(service).toMatchObject({ status: 0, stderr: '' });
    link('services/call-archive');

    const topicsFile = join(checkout, 'libs/contracts/src/topics.ts');
    const manifest = readFileSync(topicsFile, 'utf8');
    writeFileSync(
      topicsFile,
      manifest
        .replace("| 'agent';", "| 'call-archive' | 'agent';")
        .replace(/(name: 'mesh\.triggers'.*?writers: \[[^\]]*)\]/s, "$1, 'call-archive']"),
    );
    const table = join(checkout, 'scripts/boundaries/contracts-by-service.mjs');
    writeFileSync(
      table,
      readFileSync(table, 'utf8')
        .replace("'call-archive': []", "'call-archive': ['call-archive', 'gateway']")
        .replace(/(gateway: \[[^\]]*)\]/, "$1, 'call-archive']"),
    );
    const event = generate('event', 'call-archive', 'call-archived', 'triggers', 'A call was put aside.');
    expect(event).toMatchObject({ status: 0, stderr: '' });

    const files = [...service.stdout.matchAll(/^\S+\/\S+$/gm), ...event.stdout.matchAll(/^\S+\/\S+$/gm)]
      .map(([file]) => file)
      .filter((file) => existsSync(join(checkout, file)));
    expect(check('prettier/bin/prettier.cjs', '--check', ...files)).toEqual(passed);
    expect(types(files)).toEqual(passed);
    expect(
      check(
        'dependency-cruiser/bin/dependency-cruise.mjs',
        '--config',
        '.dependency-cruiser.mjs',
        'services/call-archive',
        'libs/contracts',
      ),
    ).toEqual(passed);
    const sources = files.filter((file) => file.endsWith('.ts') && !file.includes('/fixtures/'));
    expect(check('eslint/bin/eslint.js', '--max-warnings=0', ...sources)).toEqual(passed);
    expect(
      check('jest/bin/jest.js', 'services/call-archive/', 'tools/documents/', '--selectProjects', 'unit'),
    ).toEqual(passed);
  }, 300_000);

  it.each<[string, string[], RegExp]>([
    ['an unknown kind', ['queue', 'calls'], /^Usage/],
    ['an existing service', ['service', 'gateway', 'Lets callers in.'], /services\/gateway exists/],
    ['a name in another spelling', ['service', 'CallArchive', 'Keeps calls.'], /kebab case/],
    ['a purpose that is not a sentence', ['service', 'archive', 'keeps calls'], /not a sentence/],
    [
      'an event of an unknown service',
      ['event', 'nobody', 'call-kept', 'calls', 'It was kept.'],
      /no service/,
    ],
    ['an event of one word', ['event', 'gateway', 'kept', 'calls', 'It was kept.'], /only one word/],
    ['an unknown topic', ['event', 'gateway', 'call-kept', 'kept', 'It was kept.'], /no key of the topic/],
    [
      'a topic of another service',
      ['event', 'catalog', 'call-kept', 'calls', 'It was kept.'],
      /written by gateway/,
    ],
  ])('refuses %s and writes nothing', (_, words, message) => {
    const { status, stdout, stderr } = generate(...words);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

/** Checks the types of `files`, with the options of the whole checkout. */
function types(files: readonly string[]) {
  writeFileSync(
    join(checkout, 'tsconfig.new.json'),
    JSON.stringify({ extends: './tsconfig.json', include: files.filter((file) => file.endsWith('.ts')) }),
  );
  return check('typescript/bin/tsc', '-p', 'tsconfig.new.json');
}
