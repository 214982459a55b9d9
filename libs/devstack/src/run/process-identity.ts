import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one that was given the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in whatever form the system tells it; empty when it was already gone. */
  readonly startedAt: string;
}

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startedAt: startTime(pid) };
}

/** True while this very process lives; a zombie that waits to be reaped counts as dead. */
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
    // The second field, the command, may itself hold spaces and brackets: count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
