import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { armCrashPoint, crashPoint, crashPoints } from './crash-point.js';

/** A process that passes every point in a row, three times over, and says so after each round. */
function passer(crashAt: string): ChildProcess {
  const source = `
    import { armCrashPoint, crashPoint, crashPoints } from ${JSON.stringify(
      pathToFileURL(fileURLToPath(new URL('./crash-point.ts', import.meta.url))).href,
    )};
    armCrashPoint(process.argv[1]);
    for (let round = 1; round <= 3; round += 1) {
      for (const point of crashPoints) crashPoint(point);
      process.stderr.write('round ' + round + '\\n');
    }
  `;
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', source, crashAt], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function outcomeOf(child: ChildProcess): Promise<{ signal: unknown; printed: string }> {
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [, signal] = (await once(child, 'close')) as [unknown, unknown];
  return { signal, printed };
}

describe('a crash point', () => {
  it('is nothing in a process that is not armed', () => {
    armCrashPoint(undefined);
    armCrashPoint('');
    for (const point of crashPoints) crashPoint(point);
  });

  it('kills at the passing that it was armed for, and says where', async () => {
    const { signal, printed } = await outcomeOf(passer('after_response#2'));
    expect(signal).toBe('SIGKILL');
    expect(printed).toBe('round 1\nSIGKILL at after_response\n');
  }, 30_000);

  it('freezes the process, which goes on from there when it is resumed, and only once', async () => {
    const child = passer('after_response#2!stop');
    let printed = '';
    await new Promise<void>((resolve) => {
      child.stderr?.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes('SIGSTOP at after_response')) resolve();
      });
    });
    const closed = once(child, 'close');
    // A signal to go on that came before the one to stop would be lost.
    const resuming = setInterval(() => child.kill('SIGCONT'), 50);
    await closed;
    clearInterval(resuming);
    expect(printed).toBe('round 1\nSIGSTOP at after_response\nround 2\nround 3\n');
  }, 30_000);

  it.each(['nowhere', 'after_response#0', 'after_response#x', 'after_response!later', '#1'])(
    'is refused as %s: a point that never fires would look like one that is survived',
    (text) => {
      expect(() => armCrashPoint(text)).toThrow(/there is no crash point/);
    },
  );
});
