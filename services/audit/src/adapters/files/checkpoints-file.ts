import { appendFile } from 'node:fs/promises';

import type pg from 'pg';

/** Appends the signed ends of changed chains to a file. Its lines prove later that nobody cut a chain back. */
export class CheckpointsFile {
  readonly #pool: pg.Pool;
  readonly #path: string;
  /** The last written place of each chain. A start writes all of them again. */
  readonly #written = new Map<string, string>();

  constructor(pool: pg.Pool, path: string) {
    this.#pool = pool;
    this.#path = path;
  }

  async run(): Promise<void> {
    const { rows } = await this.#pool.query<{
      tenant_id: string;
      seq: string;
      hash: Buffer;
      signature: Buffer;
    }>(
      `SELECT c.tenant_id, c.seq, c.hash, e.signature
         FROM chain c JOIN entry e ON e.tenant_id = c.tenant_id AND e.seq = c.seq
        WHERE e.signature IS NOT NULL ORDER BY c.tenant_id`,
    );
    const changed = rows.filter(({ tenant_id: tenantId, seq }) => this.#written.get(tenantId) !== seq);
    if (changed.length === 0) return;
    const at = new Date().toISOString();
    const lines = changed.map(({ tenant_id: tenantId, seq, hash, signature }) =>
      JSON.stringify({
        tenant_id: tenantId,
        seq: Number(seq),
        hash: hash.toString('hex'),
        signature: signature.toString('base64'),
        at,
      }),
    );
    await appendFile(this.#path, `${lines.join('\n')}\n`);
    for (const { tenant_id: tenantId, seq } of changed) this.#written.set(tenantId, seq);
  }
}
