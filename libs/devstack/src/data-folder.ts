import { link, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '@action-mesh/kernel';
import { findCheckout } from './checkout.js';
import type { Checkout } from './checkout.js';
import { readConfig } from './config.js';
import { DataFolderInUseError } from './devstack.errors.js';
import { identifyProcess, isAlive } from './run/process-identity.js';
import type { ProcessIdentity } from './run/process-identity.js';
import { readRunRecord } from './run/run-record.js';

/**
 * A data folder that servers keep between starts.
 *
 * - DF1: one process holds the folder at a time. The claim of a dead process does not count.
 * - DF2: a claim succeeds after every server of the former holder has ended. Two servers never share files.
 */
export interface DataFolder extends AsyncDisposable {
  readonly path: string;
  /** Lets another process claim the folder. The content stays. */
  release(): Promise<void>;
}

interface Claim {
  readonly host: string;
  readonly owner: ProcessIdentity;
  readonly since: string;
}

const claimName = 'in-use.json';
/** Servers that end cleanly take seconds. A supervisor kills them long before this limit. */
const formerServersMs = 60_000;

/** Claims the data folder of this checkout. Throws DataFolderInUseError at once while another process holds it. */
export async function claimDataFolder(): Promise<DataFolder> {
  const checkout = findCheckout(readConfig().stateFolder);
  return await claimFolder(checkout.dataFolder, checkout);
}

/** Claims any folder of a checkout. Throws DataFolderInUseError at once while another process holds it. */
export async function claimFolder(
  path: string,
  { runsFolder }: Pick<Checkout, 'runsFolder'>,
): Promise<DataFolder> {
  // A server may run as another user, who has to pass through the folder. Only the owner may read the files in it.
  await mkdir(path, { recursive: true, mode: 0o711 });
  const file = join(path, claimName);
  const claim: Claim = {
    host: hostname(),
    owner: identifyProcess(process.pid),
    since: new Date().toISOString(),
  };
  const draft = `${file}.${newId()}`;
  await writeFile(draft, JSON.stringify(claim), { mode: 0o600 });
  try {
    while (!(await linked(draft, file))) await setAsideWhenStale(path, file);
  } finally {
    await rm(draft, { force: true });
  }
  const release = (): Promise<void> => rm(file, { force: true });
  try {
    await untilServersEnded(path, runsFolder);
  } catch (error) {
    await release();
    throw error;
  }
  return { path, release, [Symbol.asyncDispose]: release };
}

/** A link never takes the place of another file. */
async function linked(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

async function setAsideWhenStale(path: string, file: string): Promise<void> {
  refuseWhenHeld(path, file, await readClaim(file));
  const aside = `${file}.${newId()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Another process may have replaced the stale claim meanwhile. This puts its claim back.
  const moved = await readClaim(aside);
  if (moved !== undefined && isAlive(moved.owner)) await linked(aside, file);
  await rm(aside, { force: true });
}

function refuseWhenHeld(path: string, file: string, claim: Claim | undefined): void {
  if (claim === undefined) return;
  if (claim.host !== hostname())
    throw new DataFolderInUseError(path, { ...claim, pid: claim.owner.pid, file });
  if (isAlive(claim.owner))
    throw new DataFolderInUseError(path, { since: claim.since, pid: claim.owner.pid });
}

async function readClaim(file: string): Promise<Claim | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Claim;
  } catch {
    return undefined;
  }
}

/** DF2: a holder that was killed leaves a supervisor, which still ends the servers. */
async function untilServersEnded(path: string, runsFolder: string): Promise<void> {
  const giveUpAtMs = performance.now() + formerServersMs;
  for (;;) {
    const names = await readdir(runsFolder).catch(() => []);
    const ending = names
      .map((name) => readRunRecord(join(runsFolder, name)))
      .find((record) => record?.keeps === path && record.host === hostname() && isAlive(record.supervisor));
    if (ending === undefined) return;
    if (performance.now() > giveUpAtMs)
      throw new DataFolderInUseError(path, { pid: ending.supervisor.pid, since: 'a former start' });
    await delay(50);
  }
}
