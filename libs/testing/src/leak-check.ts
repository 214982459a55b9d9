import { setTimeout as delay } from 'node:timers/promises';
import { LeakError } from './testing.errors.js';

/** The resources that a test must not leave open, by Node's names for them. */
const watched: ReadonlySet<string> = new Set([
  'TCPSocketWrap',
  'TCPServerWrap',
  'TLSWrap',
  'UDPWrap',
  'PipeServerWrap',
  'ProcessWrap',
  'Timeout',
]);

export interface LeakCheckOptions {
  /** The time for closing sockets and timers to end, milliseconds. @default 1 000 */
  readonly settleMs?: number;
}

type Census = ReadonlyMap<string, number>;
type Hook = (run: () => void | Promise<void>, timeoutMs?: number) => void;

/**
 * Fails each test that leaves more sockets, servers, timers or child processes open than before. Hooks run in the order
 * of their registration: call `leakCheck` after the file's own `afterEach`, or outside the `describe` that has one.
 */
export function leakCheck(options: LeakCheckOptions = {}): void {
  const { beforeEach, afterEach } = globalThis as unknown as { beforeEach?: Hook; afterEach?: Hook };
  if (beforeEach === undefined || afterEach === undefined)
    throw new LeakError('leakCheck() runs inside a test file');
  let before: Census = new Map();
  beforeEach(() => {
    before = takeCensus();
  });
  afterEach(() => assertNoLeaks(before, options));
}

/** Counts the resources of each watched kind that keep this process alive. Unreferenced ones are not counted. */
export function takeCensus(): Census {
  const census = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (watched.has(kind)) census.set(kind, (census.get(kind) ?? 0) + 1);
  }
  return census;
}

/** Waits until no watched kind is above `before`. Errors: `TESTING_LEAK`. */
export async function assertNoLeaks(before: Census, options: LeakCheckOptions = {}): Promise<void> {
  const deadline = performance.now() + (options.settleMs ?? 1000);
  for (;;) {
    const leaked = [...takeCensus()]
      .map(([kind, count]) => ({ kind, more: count - (before.get(kind) ?? 0) }))
      .filter(({ more }) => more > 0);
    if (leaked.length === 0) return;
    if (performance.now() >= deadline) {
      const list = leaked.map(({ kind, more }) => `${more} ${kind}`).join(', ');
      throw new LeakError(`the test left behind: ${list}`);
    }
    await delay(10);
  }
}
