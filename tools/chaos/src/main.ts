import { runCommand, type CommandResult, type CommandRun } from '@action-mesh/platform/command';

import { chaosHelp, chaosOptions, type ChaosOptions } from './options.js';
import { runAuth } from './auth/auth.js';
import { authCells } from './auth/auth-cells.js';
import { showAuth } from './auth/auth-table.js';
import { runFlood, showFlood } from './flood/flood.js';
import { allCells } from './matrix/cells.js';
import { showMatrix } from './matrix/matrix-table.js';
import { runMatrix } from './matrix/matrix.js';
import { showNemesis } from './nemesis/nemesis-table.js';
import { runNemesis } from './nemesis/nemesis.js';
import { showTakeover } from './takeover/takeover-table.js';
import { runTakeover } from './takeover/takeover.js';

async function run(chosen: ChaosOptions, { say, signal }: CommandRun): Promise<CommandResult> {
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
    case 'auth': {
      const cells = authCells(chosen.only);
      if (cells.length === 0) throw new Error(`no race has "${chosen.only}" in its name`);
      const report = await runAuth({ ...chosen, cells, say, signal });
      return { report, ok: showAuth(report, say) };
    }
    case 'nemesis': {
      const report = await runNemesis({ ...chosen, say, signal });
      return { report, ok: showNemesis(report, say) };
    }
  }
}

// Interrupted work may still wait for a server that is gone by now.
process.exit(await runCommand({ help: chaosHelp, read: chaosOptions, run }));
