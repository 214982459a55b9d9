#!/usr/bin/env node
import { InterruptedError, OutputClosedError } from './cli.errors.js';
import { runCommandLine } from './program/command-line.js';

const ending = new AbortController();
// The first interrupt ends the command in order. The second one ends the process, in the default way.
process.once('SIGINT', () => ending.abort(new InterruptedError('SIGINT')));
process.once('SIGTERM', () => ending.abort(new InterruptedError('SIGTERM')));
// The readers of the streams may leave early (`| head -1`).
process.stdout.on('error', () => ending.abort(new OutputClosedError('The reader of the output left.')));
process.stderr.on('error', () => undefined);

process.exitCode = await runCommandLine(process.argv.slice(2), {
  environment: process.env,
  folder: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: ending.signal,
});
