import { withTenant } from '@action-mesh/postgres';
import type pg from 'pg';

import type { PrunedMark } from '../../application/chain-store.port.js';
import type { ExportSource } from '../../application/export-source.port.js';
import type { VerifiableRecord } from '../../domain/chain-verifier.js';
import { newestMark, recordsAfter } from './chain-rows.js';

/** Reads a chain as the role of its tenant. A slow reader of an export holds no connection between two pages. */
export class PostgresExportSource implements ExportSource {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  mark(tenantId: string): Promise<PrunedMark | undefined> {
    return withTenant(this.#pool, tenantId, (client) => newestMark(client, tenantId));
  }

  after(tenantId: string, seq: number, limit: number): Promise<readonly VerifiableRecord[]> {
    return withTenant(this.#pool, tenantId, (client) => recordsAfter(client, tenantId, seq, limit));
  }
}
