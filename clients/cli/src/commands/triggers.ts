import { defined } from '@action-mesh/kernel';
import type { ApiBodies, ApiSchemas } from '@action-mesh/sdk';
import type { Command } from 'commander';

import type { CommandContext, CommandSession } from '../program/command-session.js';
import { jsonArgument } from '../program/json-argument.js';
import { alignedTable } from '../terminal/aligned-table.js';
import { printable } from '../tools-import/shown-text.js';

/** Adds `mesh triggers`. */
export function addTriggers(program: Command, session: CommandSession): void {
  const triggers = program.command('triggers').description('events from outside that start calls');
  triggers.command('list').description('list triggers').action(session.action(listTriggers));
  triggers
    .command('fire <trigger>')
    .description('report an event')
    .option('--payload <json>', 'the payload as JSON, or @file, or @- for standard input', '{}')
    .option('--idempotency-key <key>', 'a repetition with the same key is the same event')
    .action(
      session.action<{ readonly payload: string; readonly idempotencyKey?: string }, [string]>(fireTrigger),
    );
  triggers
    .command('declare <trigger>')
    .description('declare a trigger, or change it; a new one shows its secret this one time')
    .requiredOption('--declaration <json>', 'the declaration as JSON, or @file, or @- for standard input')
    .action(session.action<{ readonly declaration: string }, [string]>(declareTrigger));
}

async function listTriggers(context: CommandContext): Promise<void> {
  const { output, request } = context;
  const mesh = await context.mesh();
  const list = await mesh.triggers.list(request);
  await output.show(list, () =>
    alignedTable(
      list.triggers,
      [
        { heading: 'TRIGGER', cell: ({ trigger }) => trigger },
        { heading: 'SIGNED AS', cell: ({ scheme }) => scheme },
        { heading: 'STARTS', cell: ({ calls = [] }) => calls.map(({ tool }) => tool).join(', ') },
        { heading: 'SCHEDULE', cell: ({ schedule }) => schedule?.cron },
        { heading: 'NEXT', cell: ({ next_at: at }) => at },
        { heading: 'ADDRESS', cell: ({ url }) => url, width: 100 },
      ],
      { paint: output.paint, none: 'No triggers.' },
    ),
  );
}

async function fireTrigger(
  context: CommandContext,
  { payload, idempotencyKey }: { readonly payload: string; readonly idempotencyKey?: string },
  trigger: string,
): Promise<void> {
  const event = await jsonArgument(payload, '--payload', context.world);
  const mesh = await context.mesh();
  const fired = await mesh.triggers.fire(trigger, event, {
    ...context.request,
    ...defined({ idempotencyKey }),
  });
  await context.output.show(fired, () =>
    printable(`Fired ${trigger}: delivery ${fired.delivery_id ?? fired.trigger_id}, trace ${fired.trace_id}`),
  );
}

async function declareTrigger(
  context: CommandContext,
  { declaration }: { readonly declaration: string },
  name: string,
): Promise<void> {
  const body = await jsonArgument(declaration, '--declaration', context.world);
  const mesh = await context.mesh();
  // The gateway checks the declaration, and its refusal names the wrong members.
  const trigger = await mesh.triggers.declare(
    name,
    body as unknown as ApiBodies['putTrigger'],
    context.request,
  );
  await context.output.show(trigger, () => declaredText(trigger));
}

function declaredText({ trigger, url, secret }: ApiSchemas['Trigger']): string {
  return [
    `Declared ${trigger}.${url === undefined ? '' : ` Its address: ${url}`}`,
    ...(secret === undefined ? [] : ['Its secret is shown this one time:', secret]),
  ]
    .map(printable)
    .join('\n');
}
