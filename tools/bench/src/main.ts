import { runBench } from './bench.js';
import { benchHelp, benchOptions } from './options.js';
import { resultTable } from './result-row.js';

async function main(): Promise<number> {
  let chosen;
  try {
    chosen = benchOptions();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : 'wrong usage'}\n\n${benchHelp}`);
    return 2;
  }
  if (chosen.help) {
    console.log(benchHelp);
    return 0;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.abort(new Error('interrupted')));
  }
  const say = chosen.json ? console.error : console.log;
  try {
    const report = await runBench({ scale: chosen.scale, say, signal: interrupted.signal }, chosen);
    say(`\n${resultTable(report.rows)}`);
    if (chosen.json) console.log(JSON.stringify(report));
    return report.lost === 0 && report.duplicated === 0 ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

process.exitCode = await main();
