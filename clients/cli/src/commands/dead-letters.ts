import { defined, type JsonValue } from '@action-mesh/kernel';
import type { ApiBodies, ApiQueries, ApiSchemas } from '@action-mesh/sdk';
import { Argument, Option, type Command } from 'commander';

import { CliUsageError } from '../cli.errors.js';
import type { CommandContext, CommandSession } from '../program/command-session.js';
import { jsonArgument } from '../program/json-argument.js';
import { countOption } from '../program/option-values.js';
import { faultLines, prettyJson } from '../texts/outcome-text.js';
import { paintedStatus } from '../terminal/text-color.js';
import { factLines, shortText, alignedTable } from '../terminal/aligned-table.js';
import { pageSize } from './calls.js';

interface FilterWords {
  readonly user?: string;
  readonly tool?: string;
  readonly status?: ApiQueries['listDead']['status'];
  readonly errorCode?: string;
}

/** Adds `mesh dlq`. */
export function addDeadLetters(program: Command, session: CommandSession): void {
  const dlq = program.command('dlq').description('calls that need a person: look, redrive, resolve');
  withFilter(dlq.command('list').description('list calls that need a person'))
    .option('--limit <count>', 'the most calls of the page', pageSize, 50)
    .option('--cursor <cursor>', 'the next page, from the page before')
    .action(session.action<FilterWords & { readonly limit: number; readonly cursor?: string }>(listDead));
  dlq
    .command('show <call>')
    .description('show a dead call with its arguments and its attempts')
    .action(session.action<object, [string]>(showDead));
  withFilter(
    dlq.command('redrive [calls...]').description('run dead calls again: these, or those of a filter'),
  )
    .option('--all', 'every dead call that the filter allows')
    .option('--dry-run', 'say which calls would run, and run none')
    .option('--per-second <count>', 'the most calls per second', countOption, 10)
    .action(session.action<RedriveWords, [readonly string[]]>(redrive));
  dlq
    .command('resolve <call>')
    .addArgument(
      new Argument('<verdict>', 'how the call ended').choices(['happened', 'did_not_happen', 'give_up']),
    )
    .description('decide how a call ended that only a person can judge')
    .option('--note <text>', 'the reason, for the history')
    .option('--result <json>', 'the result of a call that happened, as JSON or @file')
    .action(session.action<ResolveWords, [string, ApiBodies['resolveCall']['verdict']]>(resolveDead));
}

interface RedriveWords extends FilterWords {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly perSecond: number;
}

interface ResolveWords {
  readonly note?: string;
  readonly result?: string;
}

function withFilter(command: Command): Command {
  return command
    .option('-u, --user <id>', 'of this user')
    .option('--tool <slug>', 'of this tool')
    .addOption(new Option('--status <status>', 'with this status').choices(['dead', 'needs_review']))
    .option('--error-code <code>', 'with this error');
}

function filterOf({ user: userId, tool, status, errorCode }: FilterWords) {
  return defined({ userId, tool, status, errorCode });
}

async function listDead(
  context: CommandContext,
  options: FilterWords & { readonly limit: number; readonly cursor?: string },
): Promise<void> {
  const { output, request } = context;
  const mesh = await context.mesh();
  const { limit, cursor } = options;
  const page = await mesh.deadLetters.list({ limit, ...filterOf(options), ...defined({ cursor }) }, request);
  await output.show(page, () => {
    const table = alignedTable(
      page.calls,
      [
        { heading: 'CALL', cell: ({ call_id: id }) => id },
        {
          heading: 'STATUS',
          cell: ({ status }) => status,
          paint: (text) => paintedStatus(output.paint, text),
        },
        { heading: 'TOOL', cell: ({ tool }) => tool },
        { heading: 'USER', cell: ({ user_id: user }) => user, width: 24 },
        { heading: 'DIED', cell: ({ died_at: at }) => at },
        { heading: 'ERROR', cell: ({ error }) => error.message, width: 60 },
      ],
      { paint: output.paint, none: 'No call needs a person.' },
    );
    return page.cursor === undefined ? table : `${table}\n\nMore: --cursor ${shortText(page.cursor, 400)}`;
  });
}

async function showDead(context: CommandContext, _: object, id: string): Promise<void> {
  const { output, request } = context;
  const mesh = await context.mesh();
  const dead = await mesh.deadLetters.get(id, request);
  await output.show(dead, () => deadText(dead, context));
}

function deadText(dead: ApiSchemas['DeadCall'], { output: { paint } }: CommandContext): string {
  const { answer, error } = dead;
  return [
    `${paintedStatus(paint, dead.status)} ${dead.call_id}`,
    ...factLines(
      [
        ['tool', dead.tool],
        ['user', dead.user_id],
        ['attempts', dead.attempts],
        ['redrives', dead.redrives],
        ['died', dead.died_at],
        ['answer', answer && shortText(`${answer.status_code ?? ''} ${answer.body ?? ''}`.trim(), 300)],
      ],
      paint,
    ),
    ...faultLines(error, paint),
    '',
    prettyJson(dead.arguments ?? {}),
    '',
    dead.status === 'dead'
      ? `Next: mend the cause, then mesh dlq redrive ${dead.call_id}`
      : `Next: look at the provider, then mesh dlq resolve ${dead.call_id} happened, or did_not_happen`,
  ].join('\n');
}

async function redrive(
  context: CommandContext,
  options: RedriveWords,
  calls: readonly string[],
): Promise<void> {
  const filter = filterOf(options);
  const hasFilter = Object.keys(filter).length > 0;
  if (calls.length > 0 && (hasFilter || options.all === true)) {
    throw new CliUsageError('Name calls, or a filter, and not both.');
  }
  if (calls.length === 0 && !hasFilter && options.all !== true) {
    throw new CliUsageError('Name calls, or a filter such as --tool. --all takes every dead call.');
  }
  const mesh = await context.mesh();
  const { dryRun, perSecond } = options;
  const report = await mesh.deadLetters.redrive({
    ...(calls.length > 0 ? { callIds: calls } : { filter }),
    dryRun,
    perSecond,
    ...context.request,
  });
  await context.output.show(report, () => redriveText(report, context));
}

function redriveText(report: ApiSchemas['RedriveReport'], { output }: CommandContext): string {
  const { redriven, needs_verdict: verdict, already_redriven: already, not_dead: others } = report;
  return [
    ...factLines(
      [
        [report.dry_run ? 'would run' : 'run again', redriven.count],
        ['need a verdict', verdict.count || undefined],
        ['redriven before', already.count || undefined],
        ['not dead', others.count || undefined],
      ],
      output.paint,
    ),
    ...verdict.call_ids.slice(0, 10).map((id) => `mesh dlq resolve ${id} happened, or did_not_happen`),
    ...(report.more ? ['More calls fit: run the command again.'] : []),
  ].join('\n');
}

async function resolveDead(
  context: CommandContext,
  { note, result: text }: ResolveWords,
  id: string,
  verdict: ApiBodies['resolveCall']['verdict'],
): Promise<void> {
  const result: JsonValue | undefined =
    text === undefined ? undefined : await jsonArgument(text, '--result', context.world);
  const mesh = await context.mesh();
  const call = await mesh.calls.resolve(id, { verdict, ...defined({ note, result }) }, context.request);
  await context.output.show(call, () => `${call.call_id} is ${call.state}`);
}
