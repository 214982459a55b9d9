/**
 * `node scripts/quietly.mjs <command> [argument ...]`: runs a command and shows its output only when it fails. `npm run
 * demo` and `npm run bench` use the terminal for their own output, so a successful build prints nothing.
 */
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const printed = [];
const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(chunk));

// The terminal sends Ctrl-C to the child as well. This process only has to outlive it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));

// Longer than a check of the cache. The user may wonder about the delay.
const patience = setTimeout(() => {
  if (process.stderr.isTTY) process.stderr.write(`${[command, ...args].join(' ')} …\n`);
}, 2_000);

child.on('error', (error) => {
  clearTimeout(patience);
  process.stderr.write(`${command}: ${error.message}\n`);
  process.exitCode = 127;
});
child.on('close', (code) => {
  clearTimeout(patience);
  if (code === 0) return;
  process.stderr.write(Buffer.concat(printed));
  process.exitCode ||= code ?? 1;
});
