import type { ImportSource, Tool } from '@action-mesh/contracts/catalog';
import { compareToolkitVersions } from '@action-mesh/tools';
import type pg from 'pg';

import type {
  CatalogStore,
  StoredOverride,
  StoredPublication,
  StoredToolkit,
  ToolkitChange,
  ToolkitOrigin,
  ToolkitRevisions,
  ToolkitSummary,
} from '../../application/catalog-store.port.js';
import type { UnversionedTool } from '../../domain/tool-change.js';
import { toolKey } from '../../domain/tool-key.js';
import { newestVersions } from '../../domain/toolkit-plan.js';
import { writeToolkit } from './toolkit-writer.js';

interface ToolkitRow {
  readonly name: string;
  readonly origin: ToolkitOrigin;
  readonly owner: string | null;
  readonly revision: number;
  readonly stable: string | null;
  readonly source: ImportSource | null;
}

interface SummaryRow extends Omit<ToolkitRow, 'revision' | 'owner'> {
  readonly versions: readonly string[];
  readonly proposed: number;
}

interface VersionRow {
  readonly slug: string;
  readonly version: string;
  readonly withdrawn: boolean;
}

interface ReleaseRow {
  readonly toolkit: string;
  readonly version: string;
  readonly tools: Record<string, string>;
  readonly retired: boolean;
}

interface OverrideRow extends Omit<StoredOverride, 'note' | 'reviewer'> {
  readonly note: string | null;
  readonly reviewer: string | null;
}

/**
 * The record of all tools in PostgreSQL. Each tool is whole in one column, because no query needs its parts. Reads do
 * not check a tool again, because the writer has checked it.
 */
export class PostgresCatalogStore implements CatalogStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async names(): Promise<readonly string[]> {
    const { rows } = await this.#pool.query<{ name: string }>('SELECT name FROM toolkit ORDER BY name');
    return rows.map(({ name }) => name);
  }

  async find(name: string): Promise<StoredToolkit | undefined> {
    const { rows } = await this.#pool.query<ToolkitRow>('SELECT * FROM toolkit WHERE name = $1', [name]);
    const [row] = rows;
    if (row === undefined) return undefined;
    const [versions, releases, imported, overrides] = await Promise.all([
      this.#rows<VersionRow>(
        'SELECT slug, version, withdrawn FROM tool_version JOIN tool USING (slug) WHERE toolkit = $1',
        name,
      ),
      this.#rows<ReleaseRow>('SELECT * FROM toolkit_release WHERE toolkit = $1', name),
      this.#rows<{ tool: UnversionedTool }>(
        'SELECT tool FROM imported_tool WHERE toolkit = $1 ORDER BY place',
        name,
      ),
      this.#rows<OverrideRow>(
        `SELECT slug, revision, state, patch, base, author, note, reviewer
           FROM tool_override WHERE toolkit = $1 ORDER BY slug, revision`,
        name,
      ),
    ]);
    const newest = [...newestVersions(versions)].map(([slug, version]) => toolKey({ slug, version }));
    return {
      name,
      origin: row.origin,
      ...(row.owner === null ? {} : { owner: row.owner }),
      revision: row.revision,
      ...(row.stable === null ? {} : { stable: row.stable }),
      ...(row.source === null ? {} : { source: row.source }),
      releases: releases
        .filter(({ retired }) => !retired)
        .map(({ version, tools: held }) => ({ version, tools: held }))
        .sort((left, right) => compareToolkitVersions(right.version, left.version)),
      dates: releases.map(({ version }) => version),
      keys: versions.map(toolKey),
      tools: await this.tools(newest),
      withdrawn: new Set(versions.filter(({ withdrawn }) => withdrawn).map(toolKey)),
      imported: imported.map(({ tool }) => tool),
      overrides: overrides.map(({ note, reviewer, ...rest }) => ({
        ...rest,
        ...(note === null ? {} : { note }),
        ...(reviewer === null ? {} : { reviewer }),
      })),
    };
  }

  async tools(keys: readonly string[]): Promise<readonly Tool[]> {
    const { rows } = await this.#pool.query<{ tool: Tool }>(
      `SELECT v.tool FROM unnest($1::text[]) AS key
         JOIN tool_version v ON v.slug = split_part(key, '@', 1) AND v.version = split_part(key, '@', 2)`,
      [keys],
    );
    return rows.map(({ tool }) => tool);
  }

  async summaries(only?: string): Promise<readonly ToolkitSummary[]> {
    const { rows } = await this.#pool.query<SummaryRow>(
      `SELECT name, origin, stable, source,
              ARRAY(SELECT version FROM toolkit_release WHERE toolkit = name AND NOT retired) AS versions,
              (SELECT count(*)::integer FROM tool_override WHERE toolkit = name AND state = 'proposed') AS proposed
         FROM toolkit WHERE $1::text IS NULL OR name = $1 ORDER BY name`,
      [only],
    );
    const versions = rows.map((row) =>
      row.versions.toSorted((left, right) => compareToolkitVersions(right, left)),
    );
    const { rows: sizes } = await this.#pool.query<{ toolkit: string; tools: number; tokens: number }>(
      `SELECT toolkit, count(*)::integer AS tools, sum((v.tool ->> 'token_cost')::double precision) AS tokens
         FROM unnest($1::text[], $2::text[]) AS newest (toolkit, version) JOIN toolkit_release r USING (toolkit, version),
              json_each_text(r.tools) AS held (slug, number)
         JOIN tool_version v ON v.slug = held.slug AND v.version = held.number
        GROUP BY toolkit`,
      [rows.map(({ name }) => name), versions.map(([newest]) => newest ?? null)],
    );
    const sizeOf = new Map(sizes.map((row) => [row.toolkit, row]));
    return rows.map(({ name, origin, stable, source, proposed }, index) => ({
      ...{ name, origin, proposed, versions: versions[index] ?? [] },
      ...(stable === null ? {} : { stable }),
      ...(source === null ? {} : { source }),
      tools: sizeOf.get(name)?.tools ?? 0,
      tokenCost: sizeOf.get(name)?.tokens ?? 0,
    }));
  }

  async owners(slugs: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.#pool.query<{ slug: string; toolkit: string }>(
      'SELECT slug, toolkit FROM tool WHERE slug = ANY($1)',
      [slugs],
    );
    return new Map(rows.map(({ slug, toolkit }) => [slug, toolkit]));
  }

  async commit(change: ToolkitChange): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN');
      await writeToolkit(client, change);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  async publication(since: ToolkitRevisions): Promise<StoredPublication> {
    // The revisions come first. A write during the query is then read twice, and never missed.
    const { rows: all } = await this.#pool.query<ToolkitRow>('SELECT * FROM toolkit');
    const revisions = new Map(all.map(({ name, revision }) => [name, revision]));
    const changed = all.filter(({ name, revision }) => since.get(name) !== revision);
    const owners = new Map(
      all.flatMap(({ name, owner }) => (owner === null ? [] : [[name, owner] as const])),
    );
    if (changed.length === 0)
      return { revisions, owners, tools: [], withdrawn: [], toolkits: [], retired: [] };
    const names = changed.map(({ name }) => name);
    const [versions, releases] = await Promise.all([
      this.#pool.query<VersionRow & { tool: Tool }>(
        `SELECT slug, v.version, withdrawn, CASE WHEN withdrawn THEN NULL ELSE v.tool END AS tool
           FROM unnest($1::text[], $2::integer[]) AS known (toolkit, revision)
           JOIN tool USING (toolkit) JOIN tool_version v USING (slug)
          WHERE v.revision > known.revision`,
        [names, names.map((name) => since.get(name) ?? -1)],
      ),
      this.#pool.query<ReleaseRow>('SELECT * FROM toolkit_release WHERE toolkit = ANY($1)', [names]),
    ]);
    return {
      revisions,
      owners,
      tools: versions.rows.flatMap(({ withdrawn, tool }) => (withdrawn ? [] : [tool])),
      withdrawn: versions.rows.filter(({ withdrawn }) => withdrawn).map(toolKey),
      ...releasesOf(changed, releases.rows),
    };
  }

  async #rows<Row extends pg.QueryResultRow>(sql: string, name: string): Promise<Row[]> {
    return (await this.#pool.query<Row>(sql, [name])).rows;
  }
}

function releasesOf(
  toolkits: readonly ToolkitRow[],
  releases: readonly ReleaseRow[],
): Pick<StoredPublication, 'toolkits' | 'retired'> {
  const stable = new Map(toolkits.map((row) => [row.name, row.stable]));
  const newest = new Map<string, ReleaseRow>();
  for (const row of releases) {
    const other = newest.get(row.toolkit);
    if (!row.retired && (other === undefined || compareToolkitVersions(row.version, other.version) > 0))
      newest.set(row.toolkit, row);
  }
  return {
    toolkits: releases
      .filter(({ retired }) => !retired)
      .map((row) => ({
        toolkit: row.toolkit,
        version: row.version,
        tools: row.tools,
        stable: stable.get(row.toolkit) === row.version,
        newest: newest.get(row.toolkit) === row,
      })),
    retired: releases.filter(({ retired }) => retired).map((row) => `${row.toolkit}@${row.version}`),
  };
}
