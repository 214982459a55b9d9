import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Starts a process with a preload. `source` is its program. */
function run(preload: string, source: string): ChildProcess {
  const url = new URL(preload, import.meta.url).href;
  const args = ['--import', tsx, '--import', url, '--input-type=module', '-e', source];
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Passes two points three times and prints a line after each round. */
const rounds = `
  import { channel } from 'node:diagnostics_channel';
  const points = [channel('mesh:test:first'), channel('mesh:test:second')];
  for (let round = 1; round <= 3; round += 1) {
    for (const point of points) point.publish({});
    process.stderr.write('round ' + round + '\\n');
  }
`;

async function outcomeOf(child: ChildProcess): Promise<{ end: unknown; printed: string }> {
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [unknown, unknown];
  return { end: signal ?? code, printed };
}

describe('the crash preload', () => {
  it('kills the process at the given passing, and prints where', async () => {
    const child = run('./crash.ts?channel=mesh:test:second&passing=2&signal=SIGKILL', rounds);
    expect(await outcomeOf(child)).toEqual({
      end: 'SIGKILL',
      printed: 'round 1\nSIGKILL at mesh:test:second\n',
    });
  }, 30_000);

  it('freezes the process, which continues from there after SIGCONT, and only once', async () => {
    const child = run('./crash.ts?channel=mesh:test:second&passing=2&signal=SIGSTOP', rounds);
    const outcome = outcomeOf(child);
    await new Promise<void>((resolve) => {
      let printed = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes('SIGSTOP')) resolve();
      });
    });
    // SIGCONT has no effect on a process that has not stopped yet.
    const resuming = setInterval(() => child.kill('SIGCONT'), 50);
    const { end, printed } = await outcome;
    clearInterval(resuming);
    expect(end).toBe(0);
    expect(printed).toBe('round 1\nSIGSTOP at mesh:test:second\nround 2\nround 3\n');
  }, 30_000);

  it.each(['', '?channel=a&passing=0&signal=SIGKILL', '?channel=a&passing=1&signal=later', '?passing=1'])(
    'ends the process with an error for the query "%s"',
    async (query) => {
      const { end, printed } = await outcomeOf(run(`./crash.ts${query}`, rounds));
      expect(end).toBe(1);
      expect(printed).toContain('must say where, when and how to crash');
    },
    30_000,
  );
});

describe('the skewed-clock preload', () => {
  it('moves the wall clock of the process by the given milliseconds', async () => {
    const before = Date.now();
    const { printed } = await outcomeOf(
      run('./skewed-clock.ts?ms=-3600000', 'process.stderr.write(`${Date.now()} ${new Date().getTime()}`)'),
    );
    const after = Date.now();
    for (const time of printed.split(' ').map(Number)) {
      expect(time).toBeGreaterThanOrEqual(before - 3_600_000);
      expect(time).toBeLessThanOrEqual(after - 3_600_000);
    }
  }, 30_000);

  it('leaves a given date unchanged', async () => {
    const { printed } = await outcomeOf(
      run('./skewed-clock.ts?ms=5000', 'process.stderr.write(String(new Date(7).getTime()))'),
    );
    expect(printed).toBe('7');
  }, 30_000);
});
