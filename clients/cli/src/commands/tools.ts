import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { toolDeclarations } from '@action-mesh/declarations';
import { defined } from '@action-mesh/kernel';
import type { ActionMesh, ApiQueries, ListedTool } from '@action-mesh/sdk';
import { Option, type Command } from 'commander';

import { CliFailure } from '../cli.errors.js';
import type { CommandContext, CommandSession } from '../program/command-session.js';
import { factLines, shortText, alignedTable } from '../terminal/aligned-table.js';
import { printable } from '../tools-import/shown-text.js';
import { pageSize } from './calls.js';

interface ListWords {
  readonly query?: string;
  readonly toolkit?: string;
  readonly provider?: string;
  readonly tag?: string;
  readonly effect?: ApiQueries['listTools']['effect'];
  readonly limit: number;
  readonly cursor?: string;
}

/** Adds the commands of `mesh tools` about tools of the mesh. */
export function addToolCommands(tools: Command, session: CommandSession): void {
  tools
    .command('list')
    .description('list tools, or search them')
    .option('--query <words>', 'the tools that fit these words best')
    .option('--toolkit <toolkit>', 'of this toolkit')
    .option('--provider <provider>', 'of this provider')
    .option('--tag <tag>', 'with this tag')
    .addOption(
      new Option('--effect <class>', 'of this effect class').choices([
        'read',
        'idempotent',
        'keyed',
        'probeable',
        'opaque',
      ]),
    )
    .option('--limit <count>', 'the most tools of the page', pageSize, 50)
    .option('--cursor <cursor>', 'the next page, from the page before')
    .action(session.action<ListWords>(listTools));
  tools
    .command('show <tool>')
    .description('show a tool with its arguments')
    .option('--tool-version <version>', 'a version, a date, stable or latest')
    .action(session.action<{ readonly toolVersion?: string }, [string]>(showTool));
  tools
    .command('diff <toolkit>')
    .description('show the changes of a toolkit between two dates')
    .option('--from <date>', 'the older date (default: stable)')
    .option('--to <date>', 'the newer date (default: latest)')
    .action(session.action<{ readonly from?: string; readonly to?: string }, [string]>(diffToolkit));
  tools
    .command('types')
    .description('write TypeScript declarations of the tools for @action-mesh/sdk')
    .option('--toolkit <toolkit>', 'of this toolkit')
    .option('-o, --out <file>', 'the file (default: standard output)')
    .action(session.action<{ readonly toolkit?: string; readonly out?: string }>(writeTypes));
}

async function listTools(context: CommandContext, options: ListWords): Promise<void> {
  const { output, request } = context;
  const { query, toolkit, provider, tag, effect, limit, cursor } = options;
  const mesh = await context.mesh();
  const conditions = defined({ query, toolkit, provider, tag, effect, cursor });
  const page = await mesh.tools.list({ limit, ...conditions, ...request });
  await output.show(page, () => {
    const table = alignedTable(
      page.tools,
      [
        { heading: 'TOOL', cell: ({ slug }) => slug, width: 64 },
        { heading: 'VERSION', cell: ({ version }) => version },
        { heading: 'EFFECT', cell: ({ effect: effectClass }) => effectClass },
        { heading: 'PROVIDER', cell: ({ provider: name }) => name, width: 24 },
        { heading: 'DESCRIPTION', cell: ({ description }) => description.split('\n')[0] },
      ],
      { paint: output.paint, none: 'No tools.' },
    );
    return page.cursor === undefined ? table : `${table}\n\nMore: --cursor ${shortText(page.cursor, 400)}`;
  });
}

async function showTool(
  context: CommandContext,
  { toolVersion: version }: { readonly toolVersion?: string },
  slug: string,
): Promise<void> {
  const { output, request } = context;
  const mesh = await context.mesh();
  const tool = await mesh.tools.show(slug, { ...request, ...defined({ version }) });
  await output.show(tool, () =>
    [
      `${output.paint('strong', tool.slug)} ${tool.version}`,
      ...tool.description.split('\n').map(printable),
      '',
      ...factLines(
        [
          ['toolkit', tool.toolkit],
          ['provider', tool.provider],
          ['effect', `${tool.effect} (${tool.effect_source})`],
          ['needs', tool.security.map((all) => all.map(({ scheme }) => scheme).join(' and ')).join(', or ')],
          ['aliases', tool.aliases.join(', ')],
          ['versions', tool.versions.join(', ')],
          ['deprecated', tool.deprecated ? 'yes' : undefined],
        ],
        output.paint,
      ),
      '',
      argumentTable(tool, context),
    ].join('\n'),
  );
}

function argumentTable({ input }: Pick<ListedTool, 'input'>, { output }: CommandContext): string {
  const properties = Object.entries((input['properties'] ?? {}) as Record<string, Record<string, unknown>>);
  const required = (input['required'] ?? []) as readonly string[];
  return alignedTable(
    properties,
    [
      { heading: 'ARGUMENT', cell: ([name]) => name, width: 40 },
      { heading: 'TYPE', cell: ([, schema]) => typeText(schema), width: 40 },
      { heading: 'REQUIRED', cell: ([name]) => (required.includes(name) ? 'yes' : undefined) },
      { heading: 'DESCRIPTION', cell: ([, schema]) => schema['description'] as string | undefined },
    ],
    { paint: output.paint, none: 'It takes no arguments.' },
  );
}

function typeText({ type, enum: values, anyOf, oneOf, $ref }: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.join(' | ');
  const parts = [anyOf, oneOf].find((list) => Array.isArray(list)) as Record<string, unknown>[] | undefined;
  if (parts !== undefined) return parts.map(typeText).join(' | ');
  return typeof $ref === 'string' ? ($ref.split('/').at(-1) ?? 'any') : 'any';
}

async function diffToolkit(
  context: CommandContext,
  { from, to }: { readonly from?: string; readonly to?: string },
  toolkit: string,
): Promise<void> {
  const { output, request } = context;
  const mesh = await context.mesh();
  const difference = await mesh.request('compareToolkit', {
    ...request,
    path: { toolkit },
    query: { from, to },
  });
  await output.show(difference, () =>
    difference.changes.length === 0
      ? 'No changes.'
      : difference.changes
          .map(({ slug, was, is, kind, changes }) =>
            [
              `${output.paint(kind === 'breaking' ? 'bad' : 'strong', printable(`${slug}: ${kind}`))} ${printable(`${was ?? 'new'} → ${is ?? 'gone'}`)}`,
              ...changes.map((change) => printable(`  ${change.kind}  ${change.pointer}  ${change.message}`)),
            ].join('\n'),
          )
          .join('\n'),
  );
}

async function writeTypes(
  context: CommandContext,
  { toolkit, out }: { readonly toolkit?: string; readonly out?: string },
): Promise<void> {
  const { output, world } = context;
  const tools = await allTools(await context.mesh(), context, toolkit);
  const text = toolDeclarations(tools).trimEnd();
  if (out === undefined) {
    await output.show({ declarations: text, tools: tools.length }, () => text);
    return;
  }
  const file = resolve(world.folder, out);
  await writeFile(file, `${text}\n`).catch((error: unknown) => {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new CliFailure(`The file of --out cannot be written: ${code}.`, { cause: error });
  });
  await output.show({ file, tools: tools.length }, () => `${file}: ${tools.length} tools`);
}

async function allTools(
  mesh: ActionMesh,
  { request }: CommandContext,
  toolkit: string | undefined,
): Promise<ListedTool[]> {
  const tools: ListedTool[] = [];
  let cursor: string | undefined;
  do {
    const page = await mesh.tools.list({ limit: 500, ...defined({ toolkit, cursor }), ...request });
    tools.push(...page.tools);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return tools;
}
