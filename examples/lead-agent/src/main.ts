import { parseArgs } from 'node:util';

import { runCommand } from '@action-mesh/platform/command';
import { textTable } from '@action-mesh/testing';
import { runDemo } from './demo.js';
import type { DemoEvidence } from './evidence.js';

const help = `npm run demo [-- --leads N] [-- --json]

Runs the main job once, on real infrastructure, and shows the result.

  --leads N   number of webhooks (default 20)
  --json      print one JSON object as the last line, and progress to standard error
  --help      show this

Exit codes: 0 every check passed, 1 a check failed, 2 wrong usage, 130 interrupted.`;

function options(args: readonly string[]): { leads: number; json: boolean } | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      leads: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const leads = Number(values.leads);
  if (!Number.isInteger(leads) || leads < 1 || leads > 500)
    throw new Error('--leads must be a number from 1 to 500');
  return { leads, json: values.json };
}

function show({ report, rows, story, faults }: DemoEvidence, say: (line: string) => void): void {
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
        ['the same for the first ten writes of new processes', report.coldMsP50, report.coldMsP99],
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
    say(`the messenger got ${report.silenceMs} ms of silence for the account that got its 429`);
  }
  say(`a revoked key was refused after ${report.revokedAfterMs} ms`);
  say(
    `tokens were refreshed ${report.refreshes} times, each refresh token was used ${report.usesOfOneRefreshToken} time(s); ` +
      `requests with a foreign account: ${report.wrongAccounts}, with an expired token: ${report.expiredTokens}`,
  );
  say(`dead calls that were redriven and succeeded: ${report.redriven}`);
  say(`one trace per webhook, from the webhook to the provider and back: ${report.traceIds.length} traces`);
  say('');
  say(story.text);
  say(`its trace: ${story.traceId}`);
  say('Verify the history of its tenant, also after you have changed a byte of it:');
  say(`  npm run audit:verify -- --file ${story.file} --public-key ${story.publicKey}`);
  for (const fault of faults) say(`NOT AS IT SHOULD BE: ${fault}`);
  say('');
}

process.exitCode = await runCommand({
  help,
  read: options,
  async run({ leads }, { say, signal }) {
    const evidence = await runDemo({ leads, say, signal });
    show(evidence, say);
    return { report: evidence.report, ok: evidence.faults.length === 0 };
  },
});
