import { spawn } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { compiledFile } from '@action-mesh/kernel';

import type { BackgroundMessage } from './background-stack.js';
import type { Checkout } from './checkout.js';
import { describeComponent } from './component.js';
import { findStack, stackAnswers } from './recorded-stack.js';
import type { RecordedStack } from './recorded-stack.js';
import { isAlive } from './run/process-identity.js';
import { sweepDeadRuns } from './run/run-record.js';

/** The destination of a command's lines. */
export interface Output {
  out(line: string): void;
  error(line: string): void;
}

/** The time for a clean end of a stack, milliseconds. */
const downTimeoutMs = 30_000;

/** Starts the background stack of this checkout, or reports a running one. Returns the exit code. */
export async function stackUp(
  checkout: Checkout,
  environment: Readonly<NodeJS.ProcessEnv>,
  output: Output,
): Promise<number> {
  const running = await findStack(checkout.stackFile);
  if (running !== undefined) {
    if (await stackAnswers(running)) {
      output.out('The stack is already up.');
      printComponents(running, output);
      return 0;
    }
    output.error(
      'The running stack does not answer. Run `npm run stack -- down`, which deletes its data; then start it again.',
    );
    return 1;
  }
  const failure = await startInBackground(checkout, environment, output);
  if (failure === undefined) {
    output.out(
      'The stack is up. Commands and tests in this checkout use it; `npm run stack -- down` ends it.',
    );
    return 0;
  }
  output.error(failure);
  return 1;
}

/** Describes the running stack. Returns 0 when a stack is up and answers, otherwise 1. */
export async function stackStatus(checkout: Checkout, asJson: boolean, output: Output): Promise<number> {
  const stack = await findStack(checkout.stackFile);
  const answers = stack !== undefined && (await stackAnswers(stack));
  if (asJson) {
    const { owner, startedAt, addresses, components } = stack ?? {};
    const details = { pid: owner?.pid, startedAt, ...addresses, components };
    output.out(JSON.stringify({ up: stack !== undefined, answers, ...details }));
  } else if (stack === undefined) {
    output.out('No stack is up.');
  } else {
    output.out(`A stack is up since ${stack.startedAt}${answers ? '.' : ', but it does not answer.'}`);
    printComponents(stack, output);
    for (const [variable, value] of Object.entries(environmentOf(stack))) output.out(`${variable}=${value}`);
  }
  return answers ? 0 : 1;
}

/**
 * Ends the stack and deletes its data, after `confirm` returned yes. Returns 0 also without a stack, and 2 without a
 * yes.
 */
export async function stackDown(
  checkout: Checkout,
  confirm: (question: string) => Promise<boolean>,
  output: Output,
): Promise<number> {
  const stack = await findStack(checkout.stackFile);
  if (stack !== undefined && !(await confirm('This deletes the data of the background stack.'))) {
    output.error('Nothing was deleted; the stack is still up.');
    return 2;
  }
  if (stack !== undefined) await endStack(checkout, stack);
  await sweepDeadRuns(checkout.runsFolder);
  output.out(stack === undefined ? 'No stack is up.' : 'The stack is down.');
  return 0;
}

async function endStack(checkout: Checkout, { owner }: RecordedStack): Promise<void> {
  if (isAlive(owner)) process.kill(owner.pid, 'SIGTERM');
  for (let waited = 0; isAlive(owner) && waited < downTimeoutMs; waited += 20) await delay(20);
  if (isAlive(owner)) process.kill(owner.pid, 'SIGKILL'); // Its supervisor clears up.
  await rm(checkout.stackFile, { force: true });
}

/** Returns the reason of a failure, or undefined when the stack is up. */
async function startInBackground(
  checkout: Checkout,
  environment: Readonly<NodeJS.ProcessEnv>,
  output: Output,
): Promise<string | undefined> {
  const logFile = join(dirname(checkout.stackFile), 'stack.log');
  await mkdir(dirname(logFile), { recursive: true });
  const log = await open(logFile, 'w');
  const child = spawn(
    process.execPath,
    [fileURLToPath(compiledFile('./background-stack', import.meta.url))],
    {
      cwd: checkout.root,
      env: environment,
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
    },
  );
  await log.close();
  return await new Promise((resolve) => {
    child.on('message', (message: BackgroundMessage) => {
      if (message.tell === 'line') output.out(message.line);
      else if (message.tell === 'failed') resolve(message.reason);
      else {
        child.disconnect();
        child.unref();
        resolve(undefined);
      }
    });
    child.once('error', (error) => resolve(error.message));
    child.once('exit', () => resolve(`the stack ended before it was up; see ${logFile}`));
  });
}

function printComponents({ components }: RecordedStack, output: Output): void {
  for (const component of components) output.out(describeComponent(component));
}

function environmentOf({ addresses }: RecordedStack): Record<string, string> {
  const { kafkaBrokers, databaseUrl, redisUrl } = addresses;
  return {
    ...(kafkaBrokers && { KAFKA_BROKERS: kafkaBrokers.join(',') }),
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    ...(redisUrl && { REDIS_URL: redisUrl }),
  };
}
