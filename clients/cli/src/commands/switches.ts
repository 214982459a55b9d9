import type { ApiBodies } from '@action-mesh/sdk';
import { Argument, type Command } from 'commander';

import type { CommandContext, CommandSession } from '../program/command-session.js';
import { alignedTable } from '../terminal/aligned-table.js';
import { printable } from '../tools-import/shown-text.js';

type SwitchTarget = ApiBodies['turnOnSwitch']['target'];

/** Adds `mesh switches`. */
export function addSwitches(program: Command, session: CommandSession): void {
  const switches = program.command('switches').description('kill switches: stop a tool, a user, an agent');
  switches.command('list').description('list the switches that are on').action(session.action(listSwitches));
  switches
    .command('on')
    .description('stop the calls of a target')
    .addArgument(
      new Argument('<type>', 'the kind of target').choices([
        'tenant',
        'key',
        'user',
        'agent',
        'tool',
        'provider',
      ]),
    )
    .argument('<value>', 'its name')
    .requiredOption('--reason <text>', 'the reason: callers see it')
    .action(session.action<{ readonly reason: string }, [SwitchTarget['type'], string]>(turnOn));
  switches
    .command('lift <switch>')
    .description('let the calls run again')
    .action(session.action<object, [string]>(liftSwitch));
}

async function listSwitches(context: CommandContext): Promise<void> {
  const { output, request } = context;
  const mesh = await context.mesh();
  const list = await mesh.switches.list(request);
  await output.show(list, () =>
    alignedTable(
      list.switches,
      [
        { heading: 'SWITCH', cell: ({ id }) => id },
        { heading: 'STOPS', cell: ({ target }) => `${target.type} ${target.value}` },
        { heading: 'REASON', cell: ({ reason }) => reason },
        { heading: 'BY', cell: ({ by }) => by, width: 24 },
        { heading: 'SINCE', cell: ({ since }) => since },
      ],
      { paint: output.paint, none: 'No switch is on.' },
    ),
  );
}

async function turnOn(
  context: CommandContext,
  { reason }: { readonly reason: string },
  type: SwitchTarget['type'],
  value: string,
): Promise<void> {
  const mesh = await context.mesh();
  const made = await mesh.switches.turnOn({ target: { type, value }, reason }, context.request);
  await context.output.show(made, () => printable(`${made.id} stops ${type} ${value}.`));
}

async function liftSwitch(context: CommandContext, _: object, id: string): Promise<void> {
  const mesh = await context.mesh();
  await mesh.switches.lift(id, context.request);
  await context.output.show({ id, lifted: true }, () => printable(`Lifted ${id}.`));
}
