import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

/** A process of a run, as `run.json` keeps it. */
export interface RecordedProcess extends ProcessIdentity {
  readonly name: string;
  /** Ends the process at once where its data are about to be deleted, cleanly where they are kept. */
  readonly discardSignal: NodeJS.Signals;
  /** A `postmaster.pid`: still there after a crash, it names the System V memory segment that was left. */
  readonly postmasterFile?: string;
  /** How long the process has for a clean end. @default 5 s */
  readonly graceMs?: number;
}

/** What has to be ended and deleted for a run to be gone; written by its supervisor alone. */
export interface RunRecord {
  /** Pids mean something on this machine only (a checkout may be shared with a container). */
  readonly host: string;
  readonly supervisor: ProcessIdentity;
  readonly folders: readonly string[];
  /** The data folder that the processes use, and that outlives the run. */
  readonly keeps?: string;
  readonly processes: readonly RecordedProcess[];
}

const recordName = 'run.json';
const unrecordedRunMaxAgeMs = 60_000;

/** Synchronous on purpose: a process is on record before anything else can happen. */
export function writeRunRecord(folder: string, record: RunRecord): void {
  const file = join(folder, recordName);
  writeFileSync(`${file}.new`, JSON.stringify(record, null, 2));
  renameSync(`${file}.new`, file);
}

export function readRunRecord(folder: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, recordName), 'utf8')) as RunRecord;
  } catch {
    return undefined;
  }
}

/** Signals a process and the group that it leads; one that is already gone is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone, or about to be.
  }
}

/** Ends every process of a run and deletes its folders. Safe to call twice, and on a run that is already gone. */
export async function discardRun(record: RunRecord): Promise<void> {
  const graceMs = Math.max(5_000, ...record.processes.map(({ graceMs: own = 0 }) => own));
  const living = () => record.processes.filter((recorded) => isAlive(recorded));
  for (const { pid, discardSignal } of living()) {
    signalGroup(pid, discardSignal);
    signalGroup(pid, 'SIGCONT'); // a paused process takes no other signal
  }
  for (let waited = 0; living().length > 0 && waited < graceMs; waited += 20) await delay(20);
  for (const { pid } of living()) signalGroup(pid, 'SIGKILL');
  for (let waited = 0; living().length > 0 && waited < graceMs; waited += 20) await delay(20);
  for (const { postmasterFile } of record.processes) if (postmasterFile) removeSharedMemory(postmasterFile);
  for (const folder of record.folders) {
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Discards the runs whose supervisor is dead, whatever killed it. */
export async function sweepDeadRuns(runsFolder: string): Promise<void> {
  const names = await readdir(runsFolder).catch(() => []);
  await Promise.all(
    names.map(async (name) => {
      const folder = join(runsFolder, name);
      const record = readRunRecord(folder);
      if (record === undefined) {
        const age =
          Date.now() -
          (await stat(folder)
            .then((s) => s.mtimeMs)
            .catch(() => Date.now()));
        if (age > unrecordedRunMaxAgeMs) await rm(folder, { recursive: true, force: true });
      } else if (record.host === hostname() && !isAlive(record.supervisor)) {
        await discardRun(record);
      }
    }),
  );
}

function removeSharedMemory(postmasterFile: string): void {
  if (!existsSync(postmasterFile)) return;
  const [, segment] =
    /^\s*\d+\s+(\d+)\s*$/.exec(readFileSync(postmasterFile, 'utf8').split('\n')[6] ?? '') ?? [];
  if (segment !== undefined) spawnSync('ipcrm', ['-m', segment], { stdio: 'ignore' });
}
