import { listeningInode, parseProcStat, parseResidentMb, ticksOfTree, type ProcStat } from './proc-stat.js';

describe('/proc/<pid>/stat', () => {
  it('is read behind a name with spaces and brackets', () => {
    const text =
      '4711 (postgres: (a) b) S 17 4711 4711 0 -1 4194304 101 2 3 4 250 50 1200 34 20 0 1 0 268949 2998272 414';
    expect(parseProcStat(text)).toEqual({ parentPid: 17, ownTicks: 300, endedChildrenTicks: 1_234 });
  });

  it('adds the time of a process and all its descendants, without siblings', () => {
    const stat = (parentPid: number, ownTicks: number, endedChildrenTicks = 0): ProcStat => ({
      parentPid,
      ownTicks,
      endedChildrenTicks,
    });
    const stats = new Map([
      [10, stat(1, 5, 100)],
      [11, stat(10, 7)],
      [12, stat(11, 9)],
      [20, stat(1, 1_000)],
    ]);
    expect(ticksOfTree(10, stats)).toBe(121);
    expect(ticksOfTree(99, stats)).toBe(0);
  });
});

describe('/proc/<pid>/status', () => {
  it('has the resident memory', () => {
    expect(parseResidentMb('VmHWM:\t  900000 kB\nVmRSS:\t  204800 kB\nThreads:\t11\n')).toBe(200);
  });
});

describe('/proc/net/tcp', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 11111 1 0',
    '   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 22222 1 0',
    '   2: 0100007F:D431 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 33333 1 0',
  ].join('\n');

  it('has the inode of the listening socket, not of a connection', () => {
    expect(listeningInode(table, 8080)).toBe('22222');
    expect(listeningInode(table, 54_321)).toBeUndefined();
  });
});
