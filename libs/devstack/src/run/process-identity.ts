import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process with its start time. A later process with the same pid has another start time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The start time of the process, in the system's own form. Empty when the process had ended already. */
  readonly startedAt: string;
}

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startedAt: startTime(pid) };
}

/** True while exactly this process lives. A zombie that waits to be reaped counts as dead. */
export function isAlive(process: ProcessIdentity): boolean {
  return process.startedAt !== '' && startTime(process.pid) === process.startedAt;
}

/** True while a signal (SIGSTOP) holds the process. */
export function isPaused(pid: number): boolean {
  return readState(pid)?.state.startsWith('T') === true;
}

function startTime(pid: number): string {
  const read = readState(pid);
  return read === undefined || /^[ZX]/.test(read.state) ? '' : read.startedAt;
}

function readState(pid: number): { state: string; startedAt: string } | undefined {
  try {
    if (process.platform !== 'linux') {
      const line = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
        encoding: 'utf8',
      }).trim();
      const [state = '', ...startedAt] = line.split(/\s+/);
      return { state, startedAt: startedAt.join(' ') };
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command, may contain spaces and brackets. Count the fields after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
