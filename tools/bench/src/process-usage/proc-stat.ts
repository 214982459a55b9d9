/** The parts of `/proc/<pid>/stat` that the bench reads. Times are in clock ticks. */
export interface ProcStat {
  readonly parentPid: number;
  /** Ticks of the process itself, in user mode and in the kernel. */
  readonly ownTicks: number;
  /** Ticks of children that have ended, and of their children. */
  readonly endedChildrenTicks: number;
}

/** Every Linux reports 100 ticks a second to programs. */
export const msPerTick = 10;

/** Reads `/proc/<pid>/stat`. The name of the program may contain spaces and brackets. */
export function parseProcStat(text: string): ProcStat {
  const afterName = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Fields are numbered from 1 in proc(5); the state is number 3.
  const field = (number: number): number => Number(afterName[number - 3]);
  return {
    parentPid: field(4),
    ownTicks: field(14) + field(15),
    endedChildrenTicks: field(16) + field(17),
  };
}

/** All ticks of a process and its descendants, including ended ones. */
export function ticksOfTree(root: number, stats: ReadonlyMap<number, ProcStat>): number {
  const children = new Map<number, number[]>();
  for (const [pid, { parentPid }] of stats)
    children.set(parentPid, [...(children.get(parentPid) ?? []), pid]);
  const ticksOf = (pid: number): number => {
    const stat = stats.get(pid);
    const own = stat === undefined ? 0 : stat.ownTicks + stat.endedChildrenTicks;
    return (children.get(pid) ?? []).reduce((sum, child) => sum + ticksOf(child), own);
  };
  return ticksOf(root);
}

/** The resident memory in `/proc/<pid>/status`, in megabytes. */
export function parseResidentMb(status: string): number {
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN) / 1024);
}

/** The inode of the socket that listens on a port, in `/proc/net/tcp` or `/proc/net/tcp6`. */
export function listeningInode(table: string, port: number): string | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const listening = '0A';
  for (const line of table.split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (columns[1]?.endsWith(suffix) === true && columns[3] === listening) return columns[9];
  }
  return undefined;
}
