import { MeshError } from '@action-mesh/kernel';

import { runCommand, type CommandDefinition, type CommandHost } from './command.js';

class BrokenError extends MeshError {
  readonly code = 'PLATFORM_BROKEN';
  readonly retry = 'terminal';
}

/** A process that records the output of a command. */
function hostOf(...words: readonly string[]) {
  const [out, error]: [string[], string[]] = [[], []];
  const listeners = new Map<string, () => void>();
  const host: CommandHost = {
    words,
    once: (signal, listener) => void listeners.set(signal, listener),
    out: (line) => void out.push(line),
    error: (line) => void error.push(line),
  };
  return { host, out, error, interrupt: () => listeners.get('SIGINT')?.() };
}

function commandThat(run: CommandDefinition<{ json: boolean }>['run']): CommandDefinition<{ json: boolean }> {
  return {
    help: 'the help',
    read: (words) => {
      if (words.includes('--help')) return 'help';
      if (words.includes('--wrong')) throw new Error('--wrong is no option');
      return { json: words.includes('--json') };
    },
    run,
  };
}

const succeeds = commandThat((_, { say }) => {
  say('at work');
  return Promise.resolve({ ok: true, report: { figure: 7 } });
});

describe('runCommand', () => {
  it('prints the help', async () => {
    const { host, out } = hostOf('--help');
    expect(await runCommand(succeeds, host)).toBe(0);
    expect(out).toEqual(['the help']);
  });

  it('explains a wrong word and shows the help', async () => {
    const { host, out, error } = hostOf('--wrong');
    expect(await runCommand(succeeds, host)).toBe(2);
    expect({ out, error }).toEqual({ out: [], error: ['--wrong is no option\n\nthe help'] });
  });

  it('writes its progress for people', async () => {
    const { host, out, error } = hostOf();
    expect(await runCommand(succeeds, host)).toBe(0);
    expect({ out, error }).toEqual({ out: ['at work'], error: [] });
  });

  it('keeps standard output for the JSON object', async () => {
    const { host, out, error } = hostOf('--json');
    expect(await runCommand(succeeds, host)).toBe(0);
    expect({ out, error }).toEqual({ out: ['{"figure":7}'], error: ['at work'] });
  });

  it('fails when a check of the report fails', async () => {
    const { host, out } = hostOf('--json');
    const command = commandThat(() => Promise.resolve({ ok: false, report: {} }));
    expect(await runCommand(command, host)).toBe(1);
    expect(out).toEqual(['{}']);
  });

  it.each([
    [new BrokenError('the disk is full'), /^the disk is full$/],
    [new Error('unexpected'), /^Error: unexpected\n +at /],
  ])('explains why it failed: %s', async (thrown, expected) => {
    const { host, error } = hostOf();
    expect(
      await runCommand(
        commandThat(() => Promise.reject(thrown)),
        host,
      ),
    ).toBe(1);
    expect(error[0]).toMatch(expected);
  });

  it('ends with 130 after an interrupt', async () => {
    const { host, error, interrupt } = hostOf();
    const command = commandThat(
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
          interrupt();
        }),
    );
    expect(await runCommand(command, host)).toBe(130);
    expect(error).toEqual([]);
  });
});
