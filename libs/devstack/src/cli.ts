#!/usr/bin/env node
/** `npm run stack -- up|status|down`. */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { errorMessage } from '@action-mesh/kernel';
import { findCheckout } from './checkout.js';
import { readConfig } from './config.js';
import { stackDown, stackStatus, stackUp } from './stack-command.js';

const help = `Usage: npm run stack -- <command>

Kafka, PostgreSQL and Redis for this checkout, in the background.

Commands:
  up               start them, or show their addresses; later commands and tests use them
  status [--json]  show the running stack; exits with 1 when none runs, or when it does not answer
  down [--yes]     end them and delete their data, after a yes

Each component comes from the first of these sources that is available:
  1. the environment: KAFKA_BROKERS, DATABASE_URL, REDIS_URL
  2. a container engine (Docker or Podman)
  3. this machine: Kafka with a JDK 17+ and Maven, PostgreSQL from npm, redis-server on the PATH`;

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(errorMessage(error));
  return 1;
});

async function run(args: string[]): Promise<number> {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' }, yes: { type: 'boolean' } },
    });
  } catch (error) {
    return misused(errorMessage(error));
  }
  const { values, positionals } = parsed;
  const [command, ...rest] = positionals;
  if (values.help === true || command === 'help') {
    console.log(help);
    return 0;
  }
  if (command === undefined) return misused('Say which command.');
  if (rest.length > 0) return misused(`Unexpected argument: ${rest.join(' ')}.`);
  if (values.json === true && command !== 'status') return misused('--json belongs to status.');
  if (values.yes === true && command !== 'down') return misused('--yes belongs to down.');
  const output = { out: (line: string) => console.log(line), error: (line: string) => console.error(line) };
  const { environment, stateFolder } = readConfig();
  const checkout = findCheckout(stateFolder);
  switch (command) {
    case 'up':
      return await stackUp(checkout, environment, output);
    case 'status':
      return await stackStatus(checkout, values.json === true, output);
    case 'down':
      return await stackDown(checkout, confirmation(values.yes === true), output);
    default:
      return misused(`Unknown command: ${command}.`);
  }
}

/** Asks a person at the terminal for a yes. A program passes `--yes`. */
function confirmation(isGiven: boolean): (question: string) => Promise<boolean> {
  return async (question) => {
    if (isGiven) return true;
    if (!process.stdin.isTTY) {
      console.error(`${question} There is no terminal for the answer: repeat the command with --yes.`);
      return false;
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(es)?$/i.test((await terminal.question(`${question} Go on? [y/N] `)).trim());
    } finally {
      terminal.close();
    }
  };
}

function misused(problem: string): number {
  console.error(`${problem} Use up, status or down; --help shows more.`);
  return 2;
}
