import { ToolPublished, type Tool } from '@action-mesh/contracts/catalog';
import { compareToolkitVersions } from '@action-mesh/tools';
import type pg from 'pg';

import type {
  CatalogStore,
  ImportSource,
  StoredOverride,
  StoredPublication,
  StoredToolkit,
  ToolkitChange,
  ToolkitOrigin,
} from '../../application/catalog-store.port.js';
import type { UnversionedTool } from '../../domain/tool-change.js';
import { writeToolkit } from './toolkit-writer.js';

interface ToolkitRow {
  readonly name: string;
  readonly origin: ToolkitOrigin;
  readonly revision: number;
  readonly stable: string | null;
  readonly source: ImportSource | null;
}

interface VersionRow {
  readonly tool: unknown;
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

/** The record of all tools in PostgreSQL; tools are whole in one column each, as nothing asks for their parts. */
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
        'SELECT v.tool, v.withdrawn FROM tool_version v JOIN tool USING (slug) WHERE toolkit = $1',
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
    const tools = versions.map(({ tool }) => ToolPublished.schema.parse(tool));
    return {
      name,
      origin: row.origin,
      revision: row.revision,
      ...(row.stable === null ? {} : { stable: row.stable }),
      ...(row.source === null ? {} : { source: row.source }),
      releases: releases
        .filter(({ retired }) => !retired)
        .map(({ version, tools: held }) => ({ version, tools: held }))
        .sort((left, right) => compareToolkitVersions(right.version, left.version)),
      dates: releases.map(({ version }) => version),
      tools,
      withdrawn: new Set(
        tools
          .filter((_, index) => versions[index]?.withdrawn === true)
          .map((tool) => ToolPublished.key(tool)),
      ),
      imported: imported.map(({ tool }) => tool),
      overrides: overrides.map(({ note, reviewer, ...rest }) => ({
        ...rest,
        ...(note === null ? {} : { note }),
        ...(reviewer === null ? {} : { reviewer }),
      })),
    };
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

  /** Toolkits are never deleted, so that the sum of their revisions only grows. */
  async changes(): Promise<number> {
    const { rows } = await this.#pool.query<{ changes: number }>(
      'SELECT coalesce(sum(revision), 0)::integer AS changes FROM toolkit',
    );
    return rows[0]?.changes ?? 0;
  }

  async publication(): Promise<StoredPublication> {
    const [versions, releases, toolkits] = await Promise.all([
      this.#pool.query<VersionRow & { slug: string; version: string }>(
        'SELECT slug, version, withdrawn, CASE WHEN withdrawn THEN NULL ELSE tool END AS tool FROM tool_version',
      ),
      this.#pool.query<ReleaseRow>('SELECT * FROM toolkit_release'),
      this.#pool.query<ToolkitRow>('SELECT * FROM toolkit'),
    ]);
    const stable = new Map(toolkits.rows.map((row) => [row.name, row.stable]));
    const newest = new Map<string, ReleaseRow>();
    for (const row of releases.rows) {
      const other = newest.get(row.toolkit);
      if (!row.retired && (other === undefined || compareToolkitVersions(row.version, other.version) > 0))
        newest.set(row.toolkit, row);
    }
    const tools: Tool[] = [];
    const withdrawn: string[] = [];
    for (const row of versions.rows) {
      if (row.withdrawn) withdrawn.push(`${row.slug}@${row.version}`);
      else tools.push(ToolPublished.schema.parse(row.tool));
    }
    return {
      tools,
      withdrawn,
      toolkits: releases.rows
        .filter(({ retired }) => !retired)
        .map((row) => ({
          toolkit: row.toolkit,
          version: row.version,
          tools: row.tools,
          stable: stable.get(row.toolkit) === row.version,
          newest: newest.get(row.toolkit) === row,
        })),
      retired: releases.rows.filter(({ retired }) => retired).map((row) => `${row.toolkit}@${row.version}`),
    };
  }

  async #rows<Row extends pg.QueryResultRow>(sql: string, name: string): Promise<Row[]> {
    return (await this.#pool.query<Row>(sql, [name])).rows;
  }
}
