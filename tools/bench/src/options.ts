import { parseArgs } from 'node:util';

export const sectionNames = [
  'floors',
  'cold-start',
  'low-load',
  'throughput',
  'credentials',
  'streams',
  'doors',
  'approvals',
  'idle',
  'growth',
  'large-catalog',
  'takeover',
  'telemetry',
  'audit',
  'flows',
] as const;
export type SectionName = (typeof sectionNames)[number];

export const benchHelp = `npm run bench [-- --scale F] [-- --only NAME | --telemetry] [-- --growth 10m | --no-growth] [-- --json]

Measures the mesh and, in the same run, three alternatives without it.

  --scale F     multiply the calls of every run (default 1)
  --only NAME   one section: ${sectionNames.join(', ')}
  --telemetry   only the cost of telemetry: --only telemetry
  --growth 10m  grow the ledger to ten million calls, not to one million
  --no-growth   leave out the section growth
  --json        print one JSON object as the last line, and progress to standard error
  --help        show this

Exit codes: 0 measured, with no lost or duplicated effect, 1 otherwise, 2 wrong usage, 130 interrupted.`;

interface CommandLine {
  readonly scale: number;
  readonly sections: ReadonlySet<SectionName>;
  readonly growthRows: number;
  readonly json: boolean;
}

const growthRowsByName: Readonly<Record<string, number>> = { '1m': 1_000_000, '10m': 10_000_000 };

/** Reads the command line. Throws with one sentence for people. */
export function benchOptions(args: readonly string[]): CommandLine | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '1' },
      only: { type: 'string' },
      telemetry: { type: 'boolean', default: false },
      growth: { type: 'string', default: '1m' },
      'no-growth': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 100)) throw new Error('--scale must be a number above 0 and up to 100');
  const growthRows = growthRowsByName[values.growth];
  if (growthRows === undefined) throw new Error('--growth must be 1m or 10m');
  const asked = values.telemetry ? 'telemetry' : values.only;
  const only = sectionNames.find((name) => name === asked);
  if (asked !== undefined && only === undefined)
    throw new Error(`--only must be one of ${sectionNames.join(', ')}`);
  const chosen = only === undefined ? sectionNames : [only];
  const sections = new Set(chosen.filter((name) => name !== 'growth' || !values['no-growth']));
  return { scale, sections, growthRows, json: values.json };
}
