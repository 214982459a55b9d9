import tab from '@bomb.sh/tab/commander';
import { Command, CommanderError } from 'commander';

import { OutputClosedError } from '../cli.errors.js';
import { addApprovals } from '../commands/approvals.js';
import { addAudit } from '../commands/audit.js';
import { addCall } from '../commands/call.js';
import { addCalls } from '../commands/calls.js';
import { addConnections } from '../commands/connections.js';
import { addDeadLetters } from '../commands/dead-letters.js';
import { addDev } from '../commands/dev.js';
import { addDoctor } from '../commands/doctor.js';
import { addImportFlow } from '../commands/import-flow.js';
import { addInit } from '../commands/init.js';
import { addKeys } from '../commands/keys.js';
import { addLimits } from '../commands/limits.js';
import { addLogin } from '../commands/login.js';
import { addSwitches } from '../commands/switches.js';
import { addToolsImport, importWords, runToolsImport } from '../commands/tools-import.js';
import { addToolCommands } from '../commands/tools.js';
import { addFlows } from '../commands/flows.js';
import { addTriggers } from '../commands/triggers.js';
import { exitCodeOf, exitCodes } from '../exit-code.js';
import type { CliWorld } from '../world.js';
import { CommandSession } from './command-session.js';
import { reportError, withoutValues } from './error-report.js';

const endOfHelp = `
Exit codes: 0 done; 1 the outcome is no success, or the mesh refused the request; 2 wrong usage; 3 the mesh cannot be
reached or does not admit the key; 130 interrupted.
Every command takes --json, --profile and --url. MESH_URL, MESH_KEY, MESH_PROFILE and MESH_USER set the same.`;

/** Runs one command line. Resolves with the exit code of the process. */
export async function runCommandLine(words: readonly string[], world: CliWorld): Promise<number> {
  const session = new CommandSession(world);
  const isJson = words.includes('--json');
  try {
    const forImport = importWords(words);
    if (forImport !== undefined) return await runToolsImport(forImport, session);
    const program = meshProgram(session, isJson);
    await program.parseAsync([...words], { from: 'user' });
    return session.exitCode;
  } catch (error) {
    if (world.signal.aborted) {
      return world.signal.reason instanceof OutputClosedError ? exitCodes.done : exitCodes.interrupted;
    }
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    if (!(error instanceof OutputClosedError)) reportError(error, isJson, world);
    return exitCodeOf(error);
  }
}

/** The program with all commands. With `isJson`, an error of the command line has no text beside its JSON. */
export function meshProgram(session: CommandSession, isJson = false): Command {
  const { world } = session;
  const program = new Command('mesh')
    .description('The command line of Action Mesh.')
    .option('--json', 'print the answers of the API as JSON')
    .option('--profile <name>', 'the profile of `mesh login`')
    .option('--url <address>', 'the address of the gateway')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => {
        if (!isJson) world.stderr.write(withoutValues(text));
      },
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('(--help explains the command)')
    .addHelpText('after', endOfHelp)
    .exitOverride();
  addLogin(program, session);
  addInit(program, session);
  addDev(program, session);
  addDoctor(program, session);
  const tools = program.command('tools').description('find, import and compare tools');
  addToolCommands(tools, session);
  addToolsImport(tools);
  addCall(program, session);
  addCalls(program, session);
  addDeadLetters(program, session);
  addApprovals(program, session);
  addConnections(program, session);
  addTriggers(program, session);
  addFlows(program, session);
  addLimits(program, session);
  addKeys(program, session);
  addSwitches(program, session);
  addAudit(program, session);
  addImportFlow(program, session);
  tab(program);
  return program;
}
