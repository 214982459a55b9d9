import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import type { BenchMesh, BenchSetting } from '../bench-setting.js';
import { listeningInode, msPerTick, parseProcStat, parseResidentMb, ticksOfTree } from './proc-stat.js';

/** Process ids by the name of their program. */
export type Processes = ReadonlyMap<string, number>;

/** Milliseconds of CPU by the name of the program. */
export type CpuUsage = ReadonlyMap<string, number>;

const serversByName = ['PostgreSQL', 'Kafka'] as const;

/** Whether this machine reports the CPU time of processes. */
export const hasProc = process.platform === 'linux';

/** The note of a row without a figure. */
export const noProc = 'only on Linux';

export function isServer(name: string): boolean {
  return serversByName.some((server) => server === name);
}

/** PostgreSQL and Kafka, if they run on this machine and as this user. */
export function serverProcesses({ devstack }: BenchSetting): Processes {
  const addresses = [new URL(devstack.databaseUrl), new URL(`kafka://${devstack.kafkaBrokers[0] ?? ''}`)];
  return new Map(
    serversByName.flatMap((name, index): [string, number][] => {
      const pid = hasProc ? listenerPid(Number(addresses[index]?.port)) : undefined;
      return pid === undefined ? [] : [[name, pid]];
    }),
  );
}

export function serviceProcesses({ form, processes }: BenchMesh): Processes {
  if (form === 'one process') return new Map([['all services', processes.pidOf('all')]]);
  return new Map([
    ['gateway', processes.pidOf('gateway')],
    ['executor', processes.pidOf('executor')],
    ['catalog', processes.pidOf('catalog')],
    ['governor', processes.pidOf('rate-governor')],
    ['auth broker', processes.pidOf('auth-broker')],
    ['webhooks', processes.pidOf('webhooks')],
  ]);
}

/** The CPU time of each process, with its children, since its start. */
export function cpuUsage(processes: Processes): CpuUsage {
  const stats = new Map(
    allPids().flatMap((pid) => {
      const text = read(`/proc/${pid}/stat`);
      return text === undefined ? [] : [[pid, parseProcStat(text)] as const];
    }),
  );
  return new Map([...processes].map(([name, pid]) => [name, ticksOfTree(pid, stats) * msPerTick]));
}

/** The CPU time of each process while `work` ran. */
export async function cpuDuring<Result>(
  processes: Processes,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly used: CpuUsage }> {
  const before = hasProc ? cpuUsage(processes) : new Map<string, number>();
  const result = await work();
  const after = hasProc ? cpuUsage(processes) : new Map<string, number>();
  return { result, used: new Map([...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)])) };
}

export function residentMb(pid: number): number {
  return parseResidentMb(read(`/proc/${pid}/status`) ?? '');
}

/** The process of this user that listens on a port. */
function listenerPid(port: number): number | undefined {
  const inode = ['tcp', 'tcp6']
    .map((table) => listeningInode(read(`/proc/net/${table}`) ?? '', port))
    .find((found) => found !== undefined);
  if (inode === undefined) return undefined;
  return allPids().find((pid) => {
    try {
      const folder = `/proc/${pid}/fd`;
      return readdirSync(folder).some((file) => linkOf(`${folder}/${file}`) === `socket:[${inode}]`);
    } catch {
      return false;
    }
  });
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Reads a file. Undefined when the process has ended meanwhile. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function linkOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
