import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { Addresses, Component } from './component.js';
import { probeKafka, probePostgres, probeRedis } from './probes.js';
import { isAlive } from './run/process-identity.js';
import type { ProcessIdentity } from './run/process-identity.js';

/** The background stack of a checkout, as `.mesh/stack.json` holds it. */
export interface RecordedStack {
  readonly host: string;
  /** The process that owns the stack and ends it on SIGTERM. */
  readonly owner: ProcessIdentity;
  readonly startedAt: string;
  readonly addresses: Addresses;
  readonly components: readonly Component[];
}

/** Records the stack. Returns false when another stack was recorded meanwhile. */
export async function recordStack(file: string, stack: Omit<RecordedStack, 'host'>): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${stack.owner.pid}`;
  // The file holds the password of the database.
  await writeFile(draft, JSON.stringify({ host: hostname(), ...stack }, null, 2), { mode: 0o600 });
  try {
    await link(draft, file); // A link never replaces another file, unlike a rename.
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The recorded stack while its owner lives. Deletes a stale record. */
export async function findStack(file: string): Promise<RecordedStack | undefined> {
  let stack: RecordedStack;
  try {
    stack = JSON.parse(await readFile(file, 'utf8')) as RecordedStack;
    if (stack.host !== hostname()) return undefined;
    if (isAlive(stack.owner)) return stack;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  }
  await rm(file, { force: true });
  return undefined;
}

/** True when every component of the stack answers. */
export async function stackAnswers({ addresses }: RecordedStack): Promise<boolean> {
  const { kafkaBrokers, databaseUrl, redisUrl } = addresses;
  const nothing = Promise.resolve();
  const probes = await Promise.allSettled([
    kafkaBrokers === undefined ? nothing : probeKafka(kafkaBrokers),
    databaseUrl === undefined ? nothing : probePostgres(databaseUrl),
    redisUrl === undefined ? nothing : probeRedis(redisUrl),
  ]);
  return probes.every(({ status }) => status === 'fulfilled');
}
