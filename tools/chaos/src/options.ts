import { parseArgs } from 'node:util';

export const chaosHelp = `npm run chaos -- --takeover | --matrix | --auth | --flood | --seed N [--minutes M]   [--json]

Breaks the mesh on purpose, on real infrastructure, and counts the effects at the provider.

  --takeover    lose an executor with 64 calls in flight and measure the time until another one settles them
  --matrix      every crash point × effect class × lease × recoverer
  --auth        three brokers race for one refresh token: every crash point × rotation, slow and failing servers
  --callers N   callers of each race (default 200)
  --only TEXT   only the cells of --matrix or --auth with this text in their names
  --at-once N   cells that run at the same time (default 6 of the matrix, 3 races)
  --flood       one tenant submits more calls than fit, and the latency of another tenant is measured
  --calls N     calls of the flood (default 50000)
  --seed N      faults of all kinds on the schedule of the seed, then heal, settle and check the invariants
  --minutes M   how long faults are injected with --seed (default 2)
  --json        print one JSON object as the last line, and progress to standard error
  --help        show this

Exit codes: 0 no fault, 1 a fault was found, 2 wrong usage, 130 interrupted.`;

export type ChaosOptions =
  | { readonly kind: 'takeover'; readonly json: boolean }
  | { readonly kind: 'flood'; readonly json: boolean; readonly calls: number }
  | { readonly kind: 'matrix'; readonly json: boolean; readonly only: string; readonly atOnce: number }
  | {
      readonly kind: 'auth';
      readonly json: boolean;
      readonly only: string;
      readonly atOnce: number;
      readonly callers: number;
    }
  | { readonly kind: 'nemesis'; readonly json: boolean; readonly seed: number; readonly minutes: number };

/** Reads the command line. Throws an error with one sentence for people. */
export function chaosOptions(args: readonly string[]): ChaosOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      takeover: { type: 'boolean', default: false },
      matrix: { type: 'boolean', default: false },
      auth: { type: 'boolean', default: false },
      callers: { type: 'string', default: '200' },
      flood: { type: 'boolean', default: false },
      calls: { type: 'string', default: '50000' },
      only: { type: 'string', default: '' },
      'at-once': { type: 'string' },
      seed: { type: 'string' },
      minutes: { type: 'string', default: '2' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { json, seed: seedText } = values;
  const { takeover, matrix, auth, flood } = values;
  const chosen = [takeover, matrix, auth, flood, seedText !== undefined].filter(Boolean).length;
  if (chosen !== 1) throw new Error('choose one of --takeover, --matrix, --auth, --flood and --seed');
  if (values.takeover) return { kind: 'takeover', json };
  if (values.flood) {
    return { kind: 'flood', json, calls: wholeNumber('--calls', values.calls, 1, 1_000_000) };
  }
  if (values.matrix) {
    const atOnce = wholeNumber('--at-once', values['at-once'] ?? '6', 1, 32);
    return { kind: 'matrix', json, only: values.only, atOnce };
  }
  if (values.auth) {
    const atOnce = wholeNumber('--at-once', values['at-once'] ?? '3', 1, 32);
    const callers = wholeNumber('--callers', values.callers, 1, 10_000);
    return { kind: 'auth', json, only: values.only, atOnce, callers };
  }
  const seed = wholeNumber('--seed', seedText ?? '', 0, 2 ** 32 - 1);
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 120)) throw new Error('--minutes must be a number above 0 and up to 120');
  return { kind: 'nemesis', json, seed, minutes };
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text === '' || !Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${name} must be a whole number from ${least} to ${most}`);
  }
  return value;
}
