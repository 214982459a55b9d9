import { defined } from '@action-mesh/kernel';
import type { Command } from 'commander';

import type { CommandContext, CommandSession } from '../program/command-session.js';
import { countOption } from '../program/option-values.js';
import { paintedStatus } from '../terminal/text-color.js';
import { alignedTable } from '../terminal/aligned-table.js';
import { printable } from '../tools-import/shown-text.js';

interface ConnectWords {
  readonly user: string;
  readonly wait: number;
}

interface ListWords {
  readonly user?: string;
  readonly integration?: string;
}

/** Adds `mesh connect` and `mesh connections`. */
export function addConnections(program: Command, session: CommandSession): void {
  program
    .command('connect <integration>')
    .description('print the page on which a user connects an account, and wait for it')
    .requiredOption('-u, --user <id>', 'the user')
    .option('--wait <seconds>', 'how long to wait; 0 prints the page and ends', countOption, 300)
    .action(session.action<ConnectWords, [string]>(connectAccount));
  const connections = program.command('connections').description('accounts of users');
  connections
    .command('list')
    .description('list connections')
    .option('-u, --user <id>', 'of this user')
    .option('--integration <integration>', 'of this integration')
    .action(session.action<ListWords>(listConnections));
  connections
    .command('remove <connection>')
    .description('end a connection at its provider')
    .action(session.action<object, [string]>(removeConnection));
}

async function connectAccount(
  context: CommandContext,
  { user, wait }: ConnectWords,
  integration: string,
): Promise<void> {
  const { output, request } = context;
  const mesh = await context.mesh();
  const link = await mesh.connections.link(user, integration, {}, request);
  const facts = { id: link.id, url: link.url, expires_at: link.expiresAt };
  if (wait === 0) {
    await output.show(facts, () => printable(link.url));
    return;
  }
  output.say(printable(`The user opens this page in a browser: ${link.url}`));
  const progress = output.progress(() => 'waiting for the user');
  try {
    const connection = await link.waitForConnection({ timeoutMs: wait * 1_000, ...request });
    progress.done();
    await output.show(connection, () =>
      printable(
        `Connected ${connection.connection_id} of ${connection.user_id} to ${connection.integration}.`,
      ),
    );
  } finally {
    progress.done();
  }
}

async function listConnections(context: CommandContext, options: ListWords): Promise<void> {
  const { output, request } = context;
  const { user: userId, integration } = options;
  const mesh = await context.mesh();
  const page = await mesh.connections.list(defined({ userId, integration }), request);
  await output.show(page, () =>
    alignedTable(
      page.connections,
      [
        { heading: 'CONNECTION', cell: ({ connection_id: id }) => id },
        { heading: 'USER', cell: ({ user_id: user }) => user, width: 24 },
        { heading: 'INTEGRATION', cell: (row) => row.integration },
        { heading: 'STATE', cell: ({ state }) => state, paint: (text) => paintedStatus(output.paint, text) },
        {
          heading: 'ACCOUNT',
          cell: ({ account, label }) => account?.name ?? label ?? account?.id,
          width: 30,
        },
        { heading: 'DEFAULT', cell: (row) => (row.is_default ? 'yes' : undefined) },
        { heading: 'RECONNECT AT', cell: ({ connect_url: url }) => url, width: 120 },
      ],
      { paint: output.paint, none: 'No connections.' },
    ),
  );
}

async function removeConnection(context: CommandContext, _: object, id: string): Promise<void> {
  const mesh = await context.mesh();
  await mesh.connections.remove(id, context.request);
  await context.output.show({ connection_id: id, removed: true }, () => printable(`Removed ${id}.`));
}
