/**
 * The process behind `npm run stack -- up`. It owns a stack like any other program, records it, and ends it on SIGTERM.
 * It depends on the starting command only until the stack is up.
 */
import { rm } from 'node:fs/promises';
import { errorMessage } from '@action-mesh/kernel';
import { findCheckout } from './checkout.js';
import { readConfig } from './config.js';
import { recordStack } from './recorded-stack.js';
import { identifyProcess } from './run/process-identity.js';
import { provide } from './start-devstack.js';
import type { Devstack } from './start-devstack.js';

/** The messages to the command. */
export type BackgroundMessage =
  | { readonly tell: 'line'; readonly line: string }
  | { readonly tell: 'ready' }
  | { readonly tell: 'failed'; readonly reason: string };

const config = readConfig();
const checkout = findCheckout(config.stateFolder);
const starting = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => starting.abort());
process.on('SIGHUP', () => undefined); // the end of the terminal
const commandGone = () => starting.abort();
process.on('disconnect', commandGone);

await main().catch((error: unknown) => {
  tell({ tell: 'failed', reason: errorMessage(error) });
  process.exitCode = 1;
});
if (process.connected) process.disconnect();

async function main(): Promise<void> {
  const report = (line: string) => tell({ tell: 'line', line });
  const devstack = await provide({ report, signal: starting.signal }, config, checkout, undefined);
  try {
    if (!(await record(devstack))) throw new Error('another stack was brought up at the same time');
    process.off('disconnect', commandGone);
    tell({ tell: 'ready' });
    await untilToldToStop(devstack);
    await rm(checkout.stackFile, { force: true });
  } finally {
    await devstack.stop();
  }
}

function record({ kafkaBrokers, databaseUrl, redisUrl, components }: Devstack): Promise<boolean> {
  return recordStack(checkout.stackFile, {
    owner: identifyProcess(process.pid),
    startedAt: new Date().toISOString(),
    addresses: { kafkaBrokers, databaseUrl, ...(redisUrl !== undefined && { redisUrl }) },
    components,
  });
}

async function untilToldToStop(devstack: Devstack): Promise<void> {
  const alive = setInterval(() => undefined, 60_000);
  const stopped = new Promise((resolve) => starting.signal.addEventListener('abort', resolve));
  if (!starting.signal.aborted) await Promise.race([stopped, devstack.ended]);
  clearInterval(alive);
}

function tell(message: BackgroundMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
