import { defined } from '@action-mesh/kernel';
import type { ApiBodies, ApiSchemas } from '@action-mesh/sdk';
import { Option, type Command } from 'commander';

import type { CommandContext, CommandSession } from '../program/command-session.js';
import { gathered, countOption } from '../program/option-values.js';
import { alignedTable } from '../terminal/aligned-table.js';
import { printable } from '../tools-import/shown-text.js';

type KeyBody = ApiBodies['createKey'];

interface CreateWords {
  readonly role: KeyBody['role'];
  readonly use?: NonNullable<KeyBody['use']>;
  readonly holder?: string;
  readonly scope?: readonly string[];
  readonly tool?: readonly string[];
  readonly user?: readonly string[];
  readonly expiresAt?: string;
  readonly note?: string;
}

/** Adds `mesh keys`. */
export function addKeys(program: Command, session: CommandSession): void {
  const keys = program.command('keys').description('API keys and publisher tokens');
  keys.command('list').description('list keys without their secrets').action(session.action(listKeys));
  keys
    .command('create')
    .description('create a key, and show its secret this one time')
    .addOption(
      new Option('--role <role>', 'the role')
        .choices(['agent', 'viewer', 'approver', 'author', 'operator', 'owner', 'platform'])
        .makeOptionMandatory(),
    )
    .addOption(new Option('--use <use>', 'for HTTP, or for records on Kafka').choices(['api', 'publisher']))
    .option('--holder <name>', 'the person or the program that gets it')
    .option('--scope <scope>', 'only this scope of the role; may be repeated', gathered)
    .option('--tool <slug>', 'only this tool; may be repeated', gathered)
    .option('-u, --user <id>', 'only this user; may be repeated', gathered)
    .option('--expires-at <time>', 'the end of the key, for example 2027-01-31T00:00:00Z')
    .option('--note <text>', 'a note')
    .action(session.action<CreateWords>(createKey));
  keys
    .command('rotate <key>')
    .description('make a successor, and show its secret this one time')
    .option('--overlap <seconds>', 'how long the old key still works', countOption)
    .action(session.action<{ readonly overlap?: number }, [string]>(rotateKey));
  keys
    .command('revoke <key>')
    .description('end a key at once')
    .action(session.action<object, [string]>(revokeKey));
}

async function listKeys(context: CommandContext): Promise<void> {
  const { output, request } = context;
  const mesh = await context.mesh();
  const list = await mesh.keys.list(request);
  await output.show(list, () =>
    alignedTable(
      list.keys,
      [
        { heading: 'KEY', cell: ({ id }) => id },
        { heading: 'USE', cell: ({ use }) => use },
        { heading: 'ROLE', cell: ({ role }) => role },
        { heading: 'HOLDER', cell: ({ holder }) => holder, width: 24 },
        { heading: 'EXPIRES', cell: ({ expires_at: at }) => at ?? 'never' },
        { heading: 'LAST USED', cell: ({ last_used_at: at }) => at },
        { heading: 'REPLACED BY', cell: ({ replaced_by: id }) => id },
        { heading: 'NOTE', cell: ({ note }) => note, width: 30 },
      ],
      { paint: output.paint, none: 'No keys.' },
    ),
  );
}

async function createKey(context: CommandContext, options: CreateWords): Promise<void> {
  const { role, use, holder, scope, tool: tools, user: users, expiresAt, note } = options;
  const mesh = await context.mesh();
  const scopes = scope as KeyBody['scopes'] | undefined;
  const body = { role, ...defined({ use, holder, scopes, expires_at: expiresAt, note }) };
  const created = await mesh.keys.create(
    {
      ...body,
      ...(tools === undefined ? {} : { tools: [...tools] }),
      ...(users === undefined ? {} : { users: [...users] }),
    },
    context.request,
  );
  await context.output.show(created, () => secretText(created));
}

async function rotateKey(
  context: CommandContext,
  { overlap }: { readonly overlap?: number },
  id: string,
): Promise<void> {
  const mesh = await context.mesh();
  const created = await mesh.keys.rotate(id, defined({ overlap_seconds: overlap }), context.request);
  await context.output.show(created, () => secretText(created));
}

function secretText({ id, holder, role, key }: ApiSchemas['CreatedKey']): string {
  return [printable(`Key ${id}, ${role}, for ${holder}. It is shown this one time:`), printable(key)].join(
    '\n',
  );
}

async function revokeKey(context: CommandContext, _: object, id: string): Promise<void> {
  const mesh = await context.mesh();
  await mesh.keys.revoke(id, context.request);
  await context.output.show({ id, revoked: true }, () => printable(`Revoked ${id}.`));
}
