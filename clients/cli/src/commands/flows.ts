import { defined } from '@action-mesh/kernel';
import type { ApiQueries, ApiSchemas } from '@action-mesh/sdk';
import type { Command } from 'commander';

import type { CommandContext, CommandSession } from '../program/command-session.js';
import { jsonArgument } from '../program/json-argument.js';
import { alignedTable } from '../terminal/aligned-table.js';
import { printable } from '../tools-import/shown-text.js';

type FlowRun = ApiSchemas['FlowRun'];
type ListOptions = { readonly flow?: string; readonly state?: string; readonly limit?: string };

/** Adds `mesh flows`. */
export function addFlows(program: Command, session: CommandSession): void {
  const flows = program.command('flows').description('flows as code, and their runs');
  flows.command('list').description('list deployed flows').action(session.action(listFlows));
  flows
    .command('start <flow>')
    .description('start a run')
    .requiredOption('--key <key>', 'the identity of the run; the same key is the same run')
    .option('--input <json>', 'the input as JSON, or @file, or @- for standard input', '{}')
    .action(session.action<{ readonly key: string; readonly input: string }, [string]>(startFlow));
  flows
    .command('runs')
    .description('list runs, the newest first')
    .option('--flow <flow>', 'only runs of this flow')
    .option('--state <state>', 'only runs in this state, such as open, diverged or blocked')
    .option('--limit <number>', 'the most runs to show')
    .action(session.action<ListOptions>(listRuns));
  flows
    .command('show <run>')
    .description('show a run with its steps')
    .action(session.action<object, [string]>(showRun));
  flows
    .command('resume <run>')
    .description('resume a run that was blocked or diverged')
    .action(session.action<object, [string]>(resumeRun));
  flows
    .command('cancel <run>')
    .description('cancel a run, and undo its steps')
    .action(session.action<object, [string]>(cancelRun));
  flows
    .command('answer <run> <step> <choice>')
    .description('answer a question of a run')
    .action(session.action<object, [string, string, string]>(answerRun));
}

async function listFlows(context: CommandContext): Promise<void> {
  const mesh = await context.mesh();
  const list = await mesh.flows.list(context.request);
  await context.output.show(list, () =>
    alignedTable(
      list.flows,
      [
        { heading: 'FLOW', cell: ({ id }) => id },
        { heading: 'VERSION', cell: ({ version }) => String(version) },
        { heading: 'STARTS BY', cell: ({ trigger }) => trigger },
        { heading: 'DIGEST', cell: ({ digest }) => digest.slice(0, 12) },
      ],
      { paint: context.output.paint, none: 'No flows. The service for flows deploys the folder of FLOWS.' },
    ),
  );
}

async function startFlow(
  context: CommandContext,
  { key, input }: { readonly key: string; readonly input: string },
  flow: string,
): Promise<void> {
  const value = await jsonArgument(input, '--input', context.world);
  const mesh = await context.mesh();
  const run = await mesh.flows.start(flow, { key, input: value }, context.request);
  await context.output.show(run, () =>
    printable(`${run.is_new ? 'Started' : 'Known'}: ${run.id}. mesh flows show ${run.id} shows its steps.`),
  );
}

async function listRuns(context: CommandContext, { flow, state, limit }: ListOptions): Promise<void> {
  const mesh = await context.mesh();
  // The gateway checks the query, and its refusal names the known states.
  const query = defined({ flow, state, limit: limit === undefined ? undefined : Number(limit) });
  const list = await mesh.flows.runs(query as ApiQueries['listFlowRuns'], context.request);
  await context.output.show(list, () =>
    alignedTable(
      list.runs,
      [
        { heading: 'RUN', cell: ({ id }) => id, width: 40 },
        { heading: 'FLOW', cell: (run) => `${run.flow} ${run.version}` },
        { heading: 'STATE', cell: ({ state: now }) => now },
        { heading: 'STARTED', cell: ({ started_at: at }) => at },
        { heading: 'KEY', cell: ({ key }) => key },
      ],
      { paint: context.output.paint, none: 'No runs.' },
    ),
  );
}

async function showRun(context: CommandContext, _options: object, run: string): Promise<void> {
  const mesh = await context.mesh();
  await showOf(context, await mesh.flows.get(run, context.request));
}

async function resumeRun(context: CommandContext, _options: object, run: string): Promise<void> {
  const mesh = await context.mesh();
  await showOf(context, await mesh.flows.resume(run, context.request));
}

async function cancelRun(context: CommandContext, _options: object, run: string): Promise<void> {
  const mesh = await context.mesh();
  await showOf(context, await mesh.flows.cancel(run, context.request));
}

async function answerRun(
  context: CommandContext,
  _options: object,
  ...[run, step, choice]: [string, string, string]
): Promise<void> {
  const mesh = await context.mesh();
  await showOf(context, await mesh.flows.answer(run, { step, choice }, context.request));
}

async function showOf({ output }: CommandContext, run: FlowRun): Promise<void> {
  await output.show(run, () =>
    [
      printable(`${run.id}  ${run.flow} ${run.version}  ${run.state}`),
      ...problemLines(run),
      alignedTable(
        run.steps ?? [],
        [
          { heading: 'STEP', cell: ({ path }) => path },
          { heading: 'KIND', cell: ({ kind }) => kind },
          { heading: 'STATE', cell: ({ state, error }) => error?.message ?? state, width: 60 },
          { heading: 'UNTIL', cell: ({ due_at: at }) => at },
          { heading: 'CALL', cell: ({ call_id: id }) => id, width: 40 },
        ],
        { paint: output.paint, none: 'No steps on record yet.' },
      ),
    ].join('\n'),
  );
}

function problemLines({ problem }: FlowRun): readonly string[] {
  if (problem === undefined) return [];
  const { message, step, stands = [], difference } = problem;
  return [
    `${step === undefined ? '' : `step ${step}: `}${message}`,
    ...(difference === undefined
      ? []
      : [`  recorded: ${difference.recorded}`, `  now:      ${difference.now}`]),
    ...(stands.length === 0 ? [] : [`effects that stand: ${stands.join(', ')}`]),
  ].map(printable);
}
