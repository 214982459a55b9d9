import { defined } from '@action-mesh/kernel';
import {
  MeshFailureError,
  NotFoundError,
  PermissionError,
  type ActionMesh,
  type ApiQueries,
  type ListedCall,
  type MeshOutcome,
  type RecordedCall,
} from '@action-mesh/sdk';
import { InvalidArgumentError, Option, type Command } from 'commander';

import { CliFailure } from '../cli.errors.js';
import type { CommandContext, CommandSession } from '../program/command-session.js';
import { countOption } from '../program/option-values.js';
import { outcomeText } from '../texts/outcome-text.js';
import { whyText, type ExplainedCall } from '../texts/why-text.js';
import { paintedStatus } from '../terminal/text-color.js';
import { shortText, alignedTable } from '../terminal/aligned-table.js';

const callStatuses = [
  'succeeded',
  'failed',
  'cancelled',
  'dry_run',
  'shadowed',
  'waiting',
  'indeterminate',
  'needs_review',
  'dead',
] as const;

interface ListWords {
  readonly user?: string;
  readonly run?: string;
  readonly tool?: string;
  readonly status?: ApiQueries['listCalls']['status'];
  readonly limit: number;
  readonly cursor?: string;
}

interface TailWords {
  readonly user?: string;
  readonly run?: string;
  readonly tool?: string;
  readonly status?: MeshOutcome['status'];
}

/** Adds `mesh calls`. */
export function addCalls(program: Command, session: CommandSession): void {
  const calls = program.command('calls').description('look at calls, explain and cancel them');
  calls
    .command('list')
    .description('list calls, the newest first')
    .option('-u, --user <id>', 'of this user')
    .option('--run <id>', 'of this run')
    .option('--tool <slug>', 'of this tool')
    .addOption(new Option('--status <status>', 'with this status').choices([...callStatuses, 'running']))
    .option('--limit <count>', 'the most calls of the page', pageSize, 20)
    .option('--cursor <cursor>', 'the next page, from the page before')
    .action(session.action<ListWords>(listCalls));
  calls
    .command('tail')
    .description('print outcomes as they come, until Ctrl-C; with --json one per line')
    .option('-u, --user <id>', 'of this user')
    .option('--run <id>', 'of this run')
    .option('--tool <slug>', 'of this tool')
    .addOption(new Option('--status <status>', 'with this status').choices(callStatuses))
    .action(session.action<TailWords>(tailCalls));
  calls
    .command('show <call>')
    .description('show a call with its outcome')
    .action(session.action<object, [string]>(showCall));
  calls
    .command('result <call>')
    .description('print the exact result, byte by byte as the provider gave it')
    .action(session.action<object, [string]>(printResult));
  calls
    .command('why <call>')
    .description('explain a call on one screen: thought, policy, attempts, waits, outcome and next step')
    .action(session.action<object, [string]>(explainCall));
  calls
    .command('cancel <call>')
    .description('cancel a call before its request')
    .action(session.action<object, [string]>(cancelCall));
}

/** Reads the size of a page. */
export function pageSize(text: string): number {
  const count = countOption(text);
  if (count < 1 || count > 500) throw new InvalidArgumentError('It must be from 1 to 500.');
  return count;
}

async function listCalls(context: CommandContext, options: ListWords): Promise<void> {
  const { user: userId, run: runId, tool, status, limit, cursor } = options;
  const mesh = await context.mesh();
  const page = await mesh.calls.list(
    { limit, ...defined({ userId, runId, tool, status, cursor }) },
    context.request,
  );
  await context.output.show(page, () => callsText(page.calls, page.cursor, context));
}

function callsText(
  calls: readonly ListedCall[],
  cursor: string | undefined,
  { output }: CommandContext,
): string {
  const { paint } = output;
  const table = alignedTable(
    calls,
    [
      { heading: 'CALL', cell: ({ call_id: id }) => id },
      { heading: 'STATUS', cell: ({ status }) => status, paint: (text) => paintedStatus(paint, text) },
      { heading: 'TOOL', cell: ({ tool }) => tool },
      { heading: 'USER', cell: ({ user_id: user }) => user, width: 24 },
      { heading: 'TRIES', cell: ({ attempts }) => attempts },
      { heading: 'RECEIVED', cell: ({ received_at: at }) => at },
      { heading: 'ERROR', cell: ({ error }) => error?.message, width: 48 },
    ],
    { paint, none: 'No calls.' },
  );
  return cursor === undefined ? table : `${table}\n\nMore: --cursor ${shortText(cursor, 400)}`;
}

async function tailCalls(context: CommandContext, options: TailWords): Promise<void> {
  const { user: userId, run: runId, tool, status } = options;
  const { output, request } = context;
  const mesh = await context.mesh();
  if (!context.isJson) output.say('Outcomes as they come; Ctrl-C ends.');
  const outcomes = mesh.outcomes.subscribe({ userId, runId, tool, status }, request);
  for await (const outcome of outcomes) {
    await output.show(outcome, () => tailLine(outcome, context));
  }
}

/** One outcome on one line. */
export function tailLine(outcome: MeshOutcome, { output }: CommandContext): string {
  const rest =
    'error' in outcome
      ? `: ${shortText(outcome.error.message, 200)}`
      : outcome.status === 'waiting'
        ? `: ${outcome.waiting.reason}`
        : '';
  const head = `${outcome.at}  ${paintedStatus(output.paint, outcome.status.padEnd(9))}`;
  return `${head}  ${outcome.call_id}  ${shortText(outcome.tool.slug, 64)} for ${shortText(outcome.user_id, 64)}${rest}`;
}

async function recordedCall(context: CommandContext, id: string): Promise<RecordedCall> {
  const mesh = await context.mesh();
  const call = await mesh.calls.get(id, context.request);
  if (!('links' in call)) return call;
  throw new CliFailure(
    `The mesh accepted call ${call.call_id}, and no executor has recorded it yet. Try again.`,
  );
}

async function showCall(context: CommandContext, _: object, id: string): Promise<void> {
  const { output } = context;
  const call = await recordedCall(context, id);
  await output.show(call, () =>
    call.outcome === undefined
      ? `${paintedStatus(output.paint, 'running')} ${call.call_id}\n${call.state} since ${call.states?.at(-1)?.at ?? call.received_at}`
      : outcomeText(call.outcome, output.paint),
  );
}

async function printResult(context: CommandContext, _: object, id: string): Promise<void> {
  const mesh = await context.mesh();
  const result = await mesh.calls.result(id, context.request);
  await context.output.printBytes(result.bytes);
}

async function explainCall(context: CommandContext, _: object, id: string): Promise<void> {
  const { output, request } = context;
  const call = await recordedCall(context, id);
  const mesh = await context.mesh();
  const [attempts, story] = await Promise.all([
    mesh.calls.attempts(call.call_id, request),
    storyOf(context, mesh, call.call_id),
  ]);
  const explained = { call, attempts, ...defined({ story }) };
  await output.show(explained, () => whyText(explained, output.paint));
}

/** The story of a call. Undefined when the key may not read it, or audit is not there. */
async function storyOf(
  { request }: CommandContext,
  mesh: ActionMesh,
  id: string,
): Promise<ExplainedCall['story'] | undefined> {
  try {
    return await mesh.request('tellCall', { ...request, path: { id } });
  } catch (error) {
    const isWithout = [PermissionError, NotFoundError, MeshFailureError].some(
      (kind) => error instanceof kind,
    );
    if (isWithout) return undefined;
    throw error;
  }
}

async function cancelCall(context: CommandContext, _: object, id: string): Promise<void> {
  const mesh = await context.mesh();
  const call = await mesh.calls.cancel(id, context.request);
  await context.output.show(call, () => `${call.call_id} is ${call.state}`);
}
