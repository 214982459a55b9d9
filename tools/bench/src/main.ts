import { parseArgs } from 'node:util';

import { runBench, type BenchReport } from './bench.js';
import { resultTable } from './result-row.js';
import { runSections, sectionNames } from './section-run.js';

const help = `npm run bench [-- --scale F] [-- --only NAME] [-- --no-growth] [-- --json]

Measures the mesh and, in the same run, three ways to do without it.

  --scale F     multiply the number of calls of every run (default 1)
  --only NAME   one section alone: low-load
  --no-growth   leave out the million calls in the ledger
  --json        print one JSON object as the last line, and progress to standard error
  --help        show this

Exit codes: 0 measured and nothing lost or duplicated, 1 not, 2 wrong usage, 130 interrupted.`;

/** What the mesh sets out to do on two cores. */
const targets: readonly (readonly [
  string,
  (report: BenchReport) => number | undefined,
  '≤' | '≥',
  number,
])[] = [
  ['added latency one at a time through HTTP, p50 (ms)', (report) => report.addedMsP50, '≤', 7],
  ['added latency one at a time through HTTP, p99 (ms)', (report) => report.addedMsP99, '≤', 25],
  ['straight through Kafka over two commits, 256 at once', (report) => report.kafkaOverTwoCommits, '≥', 1.5],
  ['through HTTP over two commits, 256 at once', (report) => report.httpOverTwoCommits, '≥', 1],
  ['a million calls in the ledger over ten thousand', (report) => report.millionOverTenThousand, '≥', 0.9],
  ['start of the gateway with 2,000 tools (ms)', (report) => report.largeCatalog.gateway.startMs, '≤', 2_000],
  [
    'start of the executor with 2,000 tools (ms)',
    (report) => report.largeCatalog.executor.startMs,
    '≤',
    2_000,
  ],
  ['what 2,000 tools add to the gateway (MB)', (report) => report.largeCatalog.gateway.addedMb, '≤', 150],
  ['what 2,000 tools add to the executor (MB)', (report) => report.largeCatalog.executor.addedMb, '≤', 150],
  [
    'a published change of one of 2,000 tools until a call has run with it (ms)',
    (report) => report.largeCatalog.arrivalMs,
    '≤',
    1_000,
  ],
  ['lost', (report) => report.lost, '≤', 0],
  ['duplicated', (report) => report.duplicated, '≤', 0],
];

function options(): { scale: number; only?: string; growth: boolean; json: boolean; help: boolean } {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      scale: { type: 'string', default: '1' },
      only: { type: 'string' },
      growth: { type: 'boolean', default: true },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 100)) throw new Error('--scale must be a number above 0 and up to 100');
  const { only, ...rest } = values;
  if (only === undefined) return { ...rest, scale };
  if (!sectionNames.some((name) => name === only))
    throw new Error(`--only must be ${sectionNames.join(', ')}`);
  return { ...rest, scale, only };
}

function show(report: BenchReport, say: (line: string) => void): void {
  say('');
  for (const [name, read, relation, bound] of targets) {
    const value = read(report);
    if (value === undefined) continue;
    const met = relation === '≤' ? value <= bound : value >= bound;
    say(`${met ? 'met   ' : 'MISSED'}  ${name}: ${value} (${relation} ${bound})`);
  }
}

async function main(): Promise<number> {
  let chosen;
  try {
    chosen = options();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : 'wrong usage'}\n\n${help}`);
    return 2;
  }
  if (chosen.help) {
    console.log(help);
    return 0;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.abort(new Error('interrupted')));
  }
  const say = chosen.json ? console.error : console.log;
  try {
    if (chosen.only !== undefined) {
      const report = await runSections({ ...chosen, say, signal: interrupted.signal });
      say(`\n${resultTable(report.rows)}`);
      if (chosen.json) console.log(JSON.stringify(report));
      return report.lost === 0 && report.duplicated === 0 ? 0 : 1;
    }
    const report = await runBench({ ...chosen, say, signal: interrupted.signal });
    show(report, say);
    if (chosen.json) console.log(JSON.stringify(report));
    return report.lost === 0 && report.duplicated === 0 ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

process.exitCode = await main();
