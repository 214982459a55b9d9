import { defined } from '@action-mesh/kernel';
import type { ApiBodies } from '@action-mesh/sdk';
import { Option, type Command } from 'commander';

import type { CommandContext, CommandSession } from '../program/command-session.js';
import { countOption } from '../program/option-values.js';
import { alignedTable } from '../terminal/aligned-table.js';
import { printable } from '../tools-import/shown-text.js';

type LimitBody = ApiBodies['putLimit'];

interface LimitWords {
  readonly limit: number;
  readonly window: LimitBody['window'];
  readonly per: LimitBody['per'];
  readonly user?: string;
  readonly provider?: string;
  readonly tool?: string;
  readonly burst?: number;
  readonly maxConcurrency?: number;
}

/** Adds `mesh limits`. */
export function addLimits(program: Command, session: CommandSession): void {
  const limits = program.command('limits').description('limits of the tenant');
  limits.command('list').description('list limits').action(session.action(listLimits));
  limits
    .command('set <id>')
    .description('set a limit, or replace it')
    .requiredOption('--limit <count>', 'calls in the window', countOption)
    .addOption(
      new Option('--window <time>', 'the window').choices(['1s', '1m', '1h', '1d']).makeOptionMandatory(),
    )
    .addOption(
      new Option('--per <part>', 'one count for each of these')
        .choices(['tenant', 'credential', 'provider', 'tool'])
        .makeOptionMandatory(),
    )
    .option('-u, --user <id>', 'only calls of this user')
    .option('--provider <provider>', 'only calls to this provider')
    .option('--tool <slug>', 'only calls of this tool')
    .option('--burst <count>', 'calls at once', countOption)
    .option('--max-concurrency <count>', 'requests at one time', countOption)
    .action(session.action<LimitWords, [string]>(setLimit));
  limits
    .command('remove <id>')
    .description('remove a limit')
    .action(session.action<object, [string]>(removeLimit));
}

async function listLimits(context: CommandContext): Promise<void> {
  const { output, request } = context;
  const mesh = await context.mesh();
  const list = await mesh.limits.list(request);
  await output.show(list, () =>
    alignedTable(
      list.limits,
      [
        { heading: 'LIMIT', cell: ({ policy }) => policy.id },
        { heading: 'RATE', cell: ({ policy }) => `${policy.limit} per ${policy.window}` },
        { heading: 'PER', cell: ({ policy }) => policy.per },
        {
          heading: 'FOR',
          cell: ({ policy }) =>
            Object.entries(policy.match)
              .map(([part, value]) => `${part} ${value}`)
              .join(', '),
        },
        { heading: 'BURST', cell: ({ policy }) => policy.burst },
        { heading: 'AT ONE TIME', cell: ({ policy }) => policy.max_concurrency },
        { heading: 'FROM', cell: ({ source }) => source },
      ],
      { paint: output.paint, none: 'No limits.' },
    ),
  );
}

async function setLimit(context: CommandContext, options: LimitWords, id: string): Promise<void> {
  const { limit, window, per, user, provider, tool, burst, maxConcurrency } = options;
  const mesh = await context.mesh();
  const match = defined({ user, provider, tool });
  const body = { id, match, per, limit, window, ...defined({ burst, max_concurrency: maxConcurrency }) };
  const set = await mesh.limits.put(id, body, context.request);
  await context.output.show(set, () =>
    printable(`${id}: ${limit} per ${window}${set.published ? '' : '. It applies within seconds'}`),
  );
}

async function removeLimit(context: CommandContext, _: object, id: string): Promise<void> {
  const mesh = await context.mesh();
  await mesh.limits.remove(id, context.request);
  await context.output.show({ id, removed: true }, () => printable(`Removed ${id}.`));
}
