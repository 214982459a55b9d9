/**
 * `npm run verify`: runs all checks of a change. Every step runs, so one run shows all problems. The output of a step
 * is shown when it fails. `--without-tests` leaves out the tests, for a CI that has just run them.
 */
import { spawnSync } from 'node:child_process';

const steps = [
  ['format', ['run', '-s', 'format:check']],
  ['lint', ['run', '-s', 'lint']],
  ['boundaries', ['run', '-s', 'boundaries']],
  ['types', ['run', '-s', 'types']],
  ['language', ['run', '-s', 'language']],
  ['generated documents', ['run', '-s', 'generate', '--', '--check']],
];

process.stdout.write(`Node.js ${process.version}\n`);

const failed = [];
for (const [name, args] of steps) {
  const startedAt = performance.now();
  const { status, output } = spawnSync('npm', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: Infinity,
  });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  process.stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  if (status === 0) continue;
  failed.push(name);
  process.stdout.write((output ?? []).filter(Boolean).join(''));
}

if (!process.argv.includes('--without-tests')) {
  const { status } = spawnSync('npm', ['test'], { stdio: 'inherit' });
  if (status !== 0) failed.push('tests');
}

if (failed.length > 0) {
  process.stdout.write(`verify failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
