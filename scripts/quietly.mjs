/**
 * `node scripts/quietly.mjs <command> [argument ...]`: runs a command and shows what it printed only when it fails. The
 * programs behind `npm run demo` and `npm run bench` own the terminal; a build that went well has nothing to say there.
 */
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const printed = [];
const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(chunk));

// Ctrl-C reaches the child by itself; this process only has to outlive it.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));

// Longer than a look at a cache, so somebody may wonder what is going on.
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
