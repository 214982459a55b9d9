import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The behaviour of the stand-ins for npm and the other checks in one run of `.ci/run`. */
interface Scenario {
  /** The result in Jest's output file. Absent when Jest crashes. */
  readonly result?: object;
  readonly testExit?: number;
  readonly installExit?: number;
  readonly verifyExit?: number;
}

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'action-mesh-ci-'));
  for (const file of ['.ci/run', 'scripts/count-tests.mjs']) cpSync(join(root, file), join(checkout, file));
});

afterEach(() => {
  rmSync(checkout, { recursive: true, force: true });
});

function run({ result, testExit = 0, installExit = 0, verifyExit = 0 }: Scenario) {
  const programs = join(checkout, 'programs');
  mkdirSync(programs);
  const writeResult =
    result === undefined ? '' : `printf '%s' '${JSON.stringify(result)}' >"\${4#--outputFile=}"`;
  writeFileSync(
    join(programs, 'npm'),
    `#!/bin/sh
echo "npm $1"
case "$1" in
  ci) exit ${installExit} ;;
  test) ${writeResult || ':'}; exit ${testExit} ;;
esac
`,
    { mode: 0o755 },
  );
  writeFileSync(
    join(checkout, 'scripts/verify.mjs'),
    `console.log('verify', ...process.argv.slice(2)); process.exitCode = ${verifyExit};`,
  );
  const { status, stdout } = spawnSync(join(checkout, '.ci/run'), {
    cwd: tmpdir(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: [programs, process.env['PATH']].join(delimiter) },
  });
  return { status, lines: stdout.trimEnd().split('\n') };
}

const passed = { success: true, numPassedTests: 12, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };

describe('.ci/run', () => {
  it('installs, tests, runs the other checks without testing twice, and counts', () => {
    expect(run({ result: passed })).toEqual({
      status: 0,
      lines: ['npm ci', 'npm test', 'verify --without-tests', '12 passed, 0 failed'],
    });
  });

  it('fails with the tests, and still runs the other checks', () => {
    const result = { ...passed, success: false, numPassedTests: 10, numFailedTests: 2 };
    const { status, lines } = run({ result, testExit: 1 });
    expect([status, lines.at(-2), lines.at(-1)]).toEqual([
      1,
      'verify --without-tests',
      '10 passed, 2 failed',
    ]);
  });

  it('counts a test file that could not be run', () => {
    const result = { ...passed, success: false, numRuntimeErrorTestSuites: 1 };
    const { status, lines } = run({ result, testExit: 1 });
    expect([status, lines.at(-1)]).toEqual([1, '12 passed, 1 failed']);
  });

  it('counts a failed run without a failed test', () => {
    const { status, lines } = run({ result: { ...passed, success: false }, testExit: 1 });
    expect([status, lines.at(-1)]).toEqual([1, '12 passed, 1 failed']);
  });

  it('fails when Jest left no result', () => {
    const { status, lines } = run({ testExit: 134 });
    expect([status, lines.at(-1)]).toEqual([1, '0 passed, 1 failed']);
  });

  it('fails when no test ran', () => {
    const { status, lines } = run({ result: { ...passed, numPassedTests: 0 } });
    expect([status, lines.at(-1)]).toEqual([1, '0 passed, 0 failed']);
  });

  it('fails with the other checks', () => {
    const { status, lines } = run({ result: passed, verifyExit: 1 });
    expect([status, lines.at(-1)]).toEqual([1, '12 passed, 0 failed']);
  });

  it('runs nothing when the installation fails', () => {
    expect(run({ installExit: 1 })).toEqual({ status: 1, lines: ['npm ci', '0 passed, 1 failed'] });
  });
});
