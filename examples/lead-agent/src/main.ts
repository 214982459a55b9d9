import { parseArgs } from 'node:util';

import { textTable } from '@action-mesh/testing';
import { runDemo } from './demo.js';
import type { DemoEvidence } from './evidence.js';

const help = `npm run demo [-- --leads N] [-- --json]

Runs the main job once, on real infrastructure, and shows the result.

  --leads N   number of webhooks (default 20)
  --json      print one JSON object as the last line, and progress to standard error
  --help      show this

Exit codes: 0 every check passed, 1 a check failed, 2 wrong usage, 130 interrupted.`;

function options(): { leads: number; json: boolean; help: boolean } {
  const { values } = parseArgs({
    options: {
      leads: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const leads = Number(values.leads);
  if (!Number.isInteger(leads) || leads < 1 || leads > 500)
    throw new Error('--leads must be a number from 1 to 500');
  return { ...values, leads };
}

function show({ report, rows, faults }: DemoEvidence, say: (line: string) => void): void {
  say('');
  say(
    textTable(
      ['tool', 'calls', 'submissions', 'succeeded', 'requests seen', 'effects', 'suppressed', 'recovered'],
      rows.map((row) => [
        row.tool,
        row.calls,
        row.submissions,
        row.succeeded,
        row.requests,
        row.effects,
        row.suppressed,
        row.recovered,
      ]),
    ),
  );
  say('');
  say(`lost ${report.lost}, duplicated ${report.duplicated}, recovered ${report.recovered}`);
  say('');
  say(
    textTable(
      ['latency', 'p50 ms', 'p99 ms'],
      [
        ['calm: what the mesh adds to a write, one at a time', report.addedMsP50, report.addedMsP99],
        [
          'burst: the wait of callers with three copies of every call at once',
          report.burstMsP50,
          report.burstMsP99,
        ],
      ],
    ),
  );
  say('');
  if (report.silenceMs !== undefined) {
    say(`the messenger got ${report.silenceMs} ms of silence after its 429`);
  }
  say(`dead calls that were redriven and succeeded: ${report.redriven}`);
  say(`one trace per webhook, from the webhook to the provider and back: ${report.traceIds.length} traces`);
  for (const fault of faults) say(`CHECK FAILED: ${fault}`);
  say('');
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
    const evidence = await runDemo({ leads: chosen.leads, say, signal: interrupted.signal });
    show(evidence, say);
    if (chosen.json) console.log(JSON.stringify(evidence.report));
    return evidence.faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

process.exitCode = await main();
