import type { Tool } from '@action-mesh/contracts/catalog';
import type pg from 'pg';

import type { StoredOverride, ToolkitChange } from '../../application/catalog-store.port.js';
import { ToolkitConflictError, ToolNameTakenError } from '../../domain/catalog.errors.js';

/**
 * The most tools in one statement. The event loop waits while a statement is sent: a few milliseconds for a megabyte.
 */
const toolsAtOnce = 100;

/** Writes a change within the transaction of `client`. The caller rolls back after an error. */
export async function writeToolkit(client: pg.ClientBase, change: ToolkitChange): Promise<void> {
  await advance(client, change);
  const revision = change.revision + 1;
  await addTools(client, change.name, revision, change.newTools ?? []);
  for (const tools of portions(change.replacedTools ?? [])) {
    await client.query(
      `UPDATE tool_version v SET tool = t.tool, revision = $4
         FROM unnest($1::text[], $2::text[], $3::json[]) AS t (slug, version, tool)
        WHERE v.slug = t.slug AND v.version = t.version`,
      [...columnsOf(tools), revision],
    );
  }
  await setWithdrawn(client, revision, change.withdraw ?? [], true);
  await setWithdrawn(client, revision, change.restore ?? [], false);
  if (change.release !== undefined) {
    await client.query('INSERT INTO toolkit_release (toolkit, version, tools) VALUES ($1, $2, $3)', [
      change.name,
      change.release.version,
      JSON.stringify(change.release.tools),
    ]);
  }
  await client.query('UPDATE toolkit_release SET retired = true WHERE toolkit = $1 AND version = ANY($2)', [
    change.name,
    change.retire ?? [],
  ]);
  if (change.imported !== undefined) await replaceImported(client, change.name, change.imported);
  for (const override of change.overrides ?? []) await putOverride(client, change.name, override);
}

/** Takes the next revision. A writer that has read an older revision is refused. */
async function advance(client: pg.ClientBase, change: ToolkitChange): Promise<void> {
  const { name, origin, owner, revision, stable, source } = change;
  const { rowCount } =
    revision === 0
      ? await client.query(
          `INSERT INTO toolkit (name, origin, revision, stable, source, owner) VALUES ($1, $2, 1, $3, $4, $5)
           ON CONFLICT DO NOTHING`,
          [name, origin, stable ?? null, json(source), owner ?? null],
        )
      : await client.query(
          `UPDATE toolkit SET revision = revision + 1, stable = coalesce($3, stable), source = coalesce($4, source)
            WHERE name = $1 AND revision = $2`,
          [name, revision, stable ?? null, json(source)],
        );
  if (rowCount !== 1) throw new ToolkitConflictError(name);
}

async function addTools(
  client: pg.ClientBase,
  toolkit: string,
  revision: number,
  tools: readonly Tool[],
): Promise<void> {
  const slugs = tools.map(({ slug }) => slug);
  await client.query(
    'INSERT INTO tool (slug, toolkit) SELECT DISTINCT slug, $2 FROM unnest($1::text[]) AS slug ON CONFLICT DO NOTHING',
    [slugs, toolkit],
  );
  const { rows } = await client.query<{ slug: string; toolkit: string }>(
    'SELECT slug, toolkit FROM tool WHERE slug = ANY($1) AND toolkit <> $2 LIMIT 1',
    [slugs, toolkit],
  );
  const [taken] = rows;
  if (taken !== undefined) throw new ToolNameTakenError(taken.slug, taken.toolkit);
  for (const portion of portions(tools)) {
    await client.query(
      `INSERT INTO tool_version (slug, version, tool, revision)
       SELECT *, $4 FROM unnest($1::text[], $2::text[], $3::json[])`,
      [...columnsOf(portion), revision],
    );
  }
}

async function setWithdrawn(
  client: pg.ClientBase,
  revision: number,
  keys: readonly string[],
  withdrawn: boolean,
): Promise<void> {
  if (keys.length === 0) return;
  await client.query(
    `UPDATE tool_version v SET withdrawn = $2, revision = $3
       FROM unnest($1::text[]) AS key
      WHERE v.slug = split_part(key, '@', 1) AND v.version = split_part(key, '@', 2)`,
    [keys, withdrawn, revision],
  );
}

async function replaceImported(
  client: pg.ClientBase,
  toolkit: string,
  tools: NonNullable<ToolkitChange['imported']>,
): Promise<void> {
  await client.query('DELETE FROM imported_tool WHERE toolkit = $1', [toolkit]);
  let before = 0;
  for (const portion of portions(tools)) {
    await client.query(
      `INSERT INTO imported_tool (toolkit, slug, place, tool)
       SELECT $1, slug, $4 + place, tool FROM unnest($2::text[], $3::json[]) WITH ORDINALITY AS t (slug, tool, place)`,
      [toolkit, portion.map(({ slug }) => slug), portion.map((tool) => JSON.stringify(tool)), before],
    );
    before += portion.length;
  }
}

async function putOverride(client: pg.ClientBase, toolkit: string, override: StoredOverride): Promise<void> {
  const { slug, revision, state, patch, base, author, note, reviewer } = override;
  await client.query(
    `INSERT INTO tool_override (toolkit, slug, revision, state, patch, base, author, note, reviewer)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (toolkit, slug, revision) DO UPDATE
        SET state = EXCLUDED.state, base = EXCLUDED.base, reviewer = EXCLUDED.reviewer,
            decided_at = clock_timestamp()`,
    [toolkit, slug, revision, state, json(patch), json(base), author, note ?? null, reviewer ?? null],
  );
}

function* portions<T>(tools: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < tools.length; from += toolsAtOnce) yield tools.slice(from, from + toolsAtOnce);
}

function columnsOf(tools: readonly Tool[]): [string[], string[], string[]] {
  return [
    tools.map(({ slug }) => slug),
    tools.map(({ version }) => version),
    tools.map((tool) => JSON.stringify(tool)),
  ];
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
