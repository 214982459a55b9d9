import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

/** A process of a run, as `run.json` holds it. */
export interface RecordedProcess extends ProcessIdentity {
  readonly name: string;
  /** The signal that ends the process: at once when its data are deleted, cleanly when they are kept. */
  readonly discardSignal: NodeJS.Signals;
  /** The path of `postmaster.pid`. After a crash, the file names the System V memory segment that the server left. */
  readonly postmasterFile?: string;
  /** The time for a clean end. @default 5 s */
  readonly graceMs?: number;
}

/** The processes and folders of a run that must be ended and deleted. Only the supervisor writes it. */
export interface RunRecord {
  /** The machine of the run. Its pids mean nothing on another one, such as a container that shares the checkout. */
  readonly host: string;
  readonly supervisor: ProcessIdentity;
  readonly folders: readonly string[];
  /** The data folder that the processes use and that outlives the run. */
  readonly keeps?: string;
  readonly processes: readonly RecordedProcess[];
}

const recordName = 'run.json';
const unrecordedRunMaxAgeMs = 60_000;

/** Writes the record synchronously, so a process is recorded before anything else can happen. */
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

/** Signals a process and the group that it leads. Ignores a process that has ended. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The process has ended, or is about to.
  }
}

/** Ends every process of a run and deletes its folders. Repeated calls are safe, also for a run that is gone. */
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

/** Discards the runs with a dead supervisor. */
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
