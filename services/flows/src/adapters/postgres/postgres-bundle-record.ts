import { transact } from '@action-mesh/postgres';
import type pg from 'pg';

import { FlowBundleError } from '../../domain/flows.errors.js';
import type { BundleRecord, StoredBundle } from '../bundles/folder-bundles.js';

/** Runs that can still go on. */
const isOpen = `state NOT IN ('succeeded', 'failed', 'cancelled')`;

/** Days for which superseded code is kept. */
const keptDays = 7;

/** Deployments are rare. One at a time keeps their rules simple. */
const lock = `SELECT pg_advisory_xact_lock(hashtext('action-mesh flow bundles'))`;

/** Bundles as rows. */
export class PostgresBundleRecord implements BundleRecord {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async deploy(bundles: readonly StoredBundle[]): Promise<void> {
    await transact(this.#pool, async (client) => {
      await client.query(lock);
      for (const { tenantId, flow, version, digest, code } of bundles) {
        const { rows } = await client.query<{ runs: number }>(
          `SELECT count(*)::integer AS runs FROM flow_run
            WHERE tenant_id = $1 AND flow = $2 AND version = $3 AND digest <> $4 AND state = 'open'`,
          [tenantId, flow, version, digest],
        );
        const runs = rows[0]?.runs ?? 0;
        if (runs > 0)
          throw new FlowBundleError(
            `the flow ${flow} of the tenant ${tenantId} has other code than its ${runs} open runs of version ${version}; raise its version`,
          );
        await client.query(
          `INSERT INTO flow_bundle (tenant_id, flow, version, digest, code) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (tenant_id, flow, digest) DO UPDATE SET version = excluded.version, superseded_at = NULL`,
          [tenantId, flow, version, digest, code],
        );
      }
      await client.query(
        `UPDATE flow_bundle b SET superseded_at = clock_timestamp()
          WHERE superseded_at IS NULL
            AND NOT (b.tenant_id, b.flow, b.digest) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))`,
        [
          bundles.map(({ tenantId }) => tenantId),
          bundles.map(({ flow }) => flow),
          bundles.map(({ digest }) => digest),
        ],
      );
      // Another instance may start runs on it until it is replaced as well.
      await client.query(
        `DELETE FROM flow_bundle b
          WHERE superseded_at < clock_timestamp() - interval '${keptDays} days'
            AND NOT EXISTS (SELECT FROM flow_run r WHERE r.tenant_id = b.tenant_id AND r.flow = b.flow AND r.digest = b.digest AND ${isOpen})`,
      );
    });
  }

  async find(tenantId: string, flow: string, digest: string): Promise<StoredBundle | undefined> {
    const { rows } = await this.#pool.query<StoredBundle>(
      `SELECT tenant_id AS "tenantId", flow, version, digest, code FROM flow_bundle
        WHERE tenant_id = $1 AND flow = $2 AND digest = $3`,
      [tenantId, flow, digest],
    );
    return rows[0];
  }
}
