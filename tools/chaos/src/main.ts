import { chaosHelp, chaosOptions, type ChaosOptions } from './options.js';
import { runFlood, showFlood } from './flood/flood.js';
import { allCells } from './matrix/cells.js';
import { showMatrix } from './matrix/matrix-table.js';
import { runMatrix } from './matrix/matrix.js';
import { showNemesis } from './nemesis/nemesis-table.js';
import { runNemesis } from './nemesis/nemesis.js';
import { showTakeover } from './takeover/takeover-table.js';
import { runTakeover } from './takeover/takeover.js';

interface Finished {
  readonly report: unknown;
  readonly ok: boolean;
}

async function main(): Promise<number> {
  let chosen;
  try {
    chosen = chaosOptions();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : 'wrong usage'}\n\n${chaosHelp}`);
    return 2;
  }
  if (chosen.kind === 'help') {
    console.log(chaosHelp);
    return 0;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.abort(new Error('interrupted')));
  }
  const say = chosen.json ? console.error : console.log;
  try {
    const { report, ok } = await run(chosen, say, interrupted.signal);
    if (chosen.json) console.log(JSON.stringify(report));
    return ok ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    return 1;
  }
}

async function run(
  chosen: Exclude<ChaosOptions, { kind: 'help' }>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Finished> {
  switch (chosen.kind) {
    case 'takeover': {
      const report = await runTakeover({ say, signal });
      return { report, ok: showTakeover(report, say) };
    }
    case 'flood': {
      const report = await runFlood({ calls: chosen.calls, say, signal });
      return { report, ok: showFlood(report, say) };
    }
    case 'matrix': {
      const cells = allCells(chosen.only);
      if (cells.length === 0) throw new Error(`no cell of the matrix has "${chosen.only}" in its name`);
      const report = await runMatrix({ cells, atOnce: chosen.atOnce, say, signal });
      return { report, ok: showMatrix(report, say) };
    }
    case 'nemesis': {
      const report = await runNemesis({ ...chosen, say, signal });
      return { report, ok: showNemesis(report, say) };
    }
  }
}

// Interrupted work may still wait for a server that is gone by now.
process.exit(await main());
