import { isSettled, type ActionMesh, type ExecutedCall, type ExecuteToolOptions } from '@action-mesh/sdk';
import { defined } from '@action-mesh/kernel';
import type { Command } from 'commander';

import { CliUsageError } from '../cli.errors.js';
import { exitCodes } from '../exit-code.js';
import type { CommandContext, CommandSession } from '../program/command-session.js';
import { jsonArgument } from '../program/json-argument.js';
import { gathered, countOption } from '../program/option-values.js';
import { toolArguments } from '../program/tool-arguments.js';
import { outcomeText } from '../texts/outcome-text.js';

interface CallWords {
  readonly argument?: readonly string[];
  readonly jsonArgs?: string;
  readonly user?: string;
  readonly run?: string;
  readonly agent?: string;
  readonly thought?: string;
  readonly scope?: string;
  readonly idempotencyKey?: string;
  readonly connection?: string;
  readonly toolVersion?: string;
  readonly fields?: string;
  readonly dryRun?: boolean;
  readonly shadow?: boolean;
  readonly wait: number;
}

/** Adds `mesh call`. */
export function addCall(program: Command, session: CommandSession): void {
  program
    .command('call <tool>')
    .description('run a tool for a user, wait, and print the outcome')
    .option('-a, --argument <name=value>', 'an argument; the schema of the tool gives its type', gathered)
    .option('--json-args <json>', 'all arguments as JSON, or @file, or @- for standard input')
    .option('-u, --user <id>', 'the user whose accounts the call uses (default: MESH_USER)')
    .option('--run <id>', 'the run: an equal call in it is the same call')
    .option('--agent <id>', 'the agent (default: cli)')
    .option('--thought <text>', 'the reason, for the history')
    .option('--scope <scope>', 'where equal calls are one: run, session, global, window:10m')
    .option('--idempotency-key <key>', 'identifies this call and no other')
    .option('--connection <id>', "the connection (default: the user's default connection)")
    .option('--tool-version <version>', 'a version, a date, stable or latest')
    .option('--fields <paths>', 'the fields of the result, as JSONPaths separated by commas')
    .option('--dry-run', 'show the request and send nothing')
    .option('--shadow', 'record the request and send nothing')
    .option(
      '--wait <seconds>',
      'how long to wait for the outcome; 0 prints the accepted call',
      countOption,
      60,
    )
    .action(session.action<CallWords, [string]>(runCall));
}

async function runCall(context: CommandContext, options: CallWords, tool: string): Promise<number> {
  const mesh = await context.mesh();
  const userId = options.user ?? context.world.environment['MESH_USER']?.trim();
  if (userId === undefined || userId === '') {
    throw new CliUsageError(
      '--user is missing: the user whose accounts the call uses. MESH_USER sets it too.',
    );
  }
  if (options.dryRun === true && options.shadow === true) {
    throw new CliUsageError('--dry-run and --shadow exclude each other.');
  }
  const args = await argumentsOf(context, mesh, options, tool);
  const outcome = await executed(context, mesh, tool, args, callOptions(options, userId));
  await context.output.show(outcome, () => outcomeText(outcome, context.output.paint));
  return exitCodeOfOutcome(outcome, options.wait);
}

/** The exit code is 0 after a success, a rehearsal, or an accepted call without a wait. */
function exitCodeOfOutcome(outcome: ExecutedCall, waitSeconds: number): number {
  const isGood =
    ['succeeded', 'dry_run', 'shadowed'].includes(outcome.status) ||
    (waitSeconds === 0 && ['accepted', 'waiting'].includes(outcome.status));
  return isGood ? exitCodes.done : exitCodes.failed;
}

async function argumentsOf(
  { world, request }: CommandContext,
  mesh: ActionMesh,
  { argument: words = [], jsonArgs, toolVersion }: CallWords,
  tool: string,
): Promise<object> {
  const whole = jsonArgs === undefined ? {} : await jsonArgument(jsonArgs, '--json-args', world);
  if (words.length === 0) return whole;
  const { input } = await mesh.tools.show(tool, { ...request, ...defined({ version: toolVersion }) });
  return { ...whole, ...toolArguments(words, input) };
}

function callOptions(options: CallWords, userId: string): ExecuteToolOptions {
  const { run, agent, thought, scope, idempotencyKey, connection, toolVersion, fields } = options;
  const mode = options.dryRun === true ? 'dry_run' : options.shadow === true ? 'shadow' : undefined;
  const isOfAgent = [run, agent, thought].some((text) => text !== undefined);
  return {
    userId,
    waitMs: options.wait * 1_000,
    runId: run,
    agentId: agent ?? (isOfAgent ? 'cli' : undefined),
    thought,
    scope,
    idempotencyKey,
    connectionId: connection,
    version: toolVersion,
    fields,
    mode,
  };
}

/** Runs the tool. A call that waits, for example for a retry, is followed until the time is over. */
async function executed(
  { output, request }: CommandContext,
  mesh: ActionMesh,
  tool: string,
  args: object,
  options: ExecuteToolOptions,
): Promise<ExecutedCall> {
  const { waitMs = 0 } = options;
  const endsAtMs = performance.now() + waitMs;
  let state = `${tool} runs`;
  const progress = output.progress(() => state);
  try {
    const first = await mesh.tools.execute(tool, args, { ...options, ...request });
    const leftMs = endsAtMs - performance.now();
    if (isSettled(first) || leftMs < 1_000) return first;
    state = waitingText(first);
    return await mesh.calls.wait(first.call_id, { waitMs: leftMs, fields: options.fields, ...request });
  } finally {
    progress.done();
  }
}

function waitingText(outcome: ExecutedCall): string {
  if (outcome.status !== 'waiting') return `call ${outcome.call_id} runs`;
  const { reason, connect_url: url } = outcome.waiting;
  return `call ${outcome.call_id} waits: ${reason}${url === undefined ? '' : `, connect at ${url}`}`;
}
