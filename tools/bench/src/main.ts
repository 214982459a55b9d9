import { runCommand } from '@action-mesh/platform/command';

import { runBench } from './bench.js';
import { benchHelp, benchOptions } from './options.js';
import { resultTable } from './result-row.js';

process.exitCode = await runCommand({
  help: benchHelp,
  read: benchOptions,
  async run(options, { say, signal }) {
    const report = await runBench({ scale: options.scale, say, signal }, options);
    say(`\n${resultTable(report.rows)}`);
    return { report, ok: report.lost === 0 && report.duplicated === 0 };
  },
});
