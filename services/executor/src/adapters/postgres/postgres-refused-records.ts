import type { RefusedRecordPage, RefusedRecordQuery } from '@action-mesh/contracts/executor';
import type { Pool } from 'pg';

import type { Refused, RefusedRecords } from '../../application/refused-records.port.js';

/** How many records of a tenant are kept, and after how many new ones the oldest go. */
const mostKept = 10_000;
const pruneEvery = 100;

interface Row {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly kafka_offset: string;
  readonly call_id: string | null;
  readonly code: string;
  readonly message: string;
  readonly refused_at: Date;
}

/** Refused records in a table of the ledger. */
export class PostgresRefusedRecords implements RefusedRecords {
  #added = 0;

  constructor(private readonly pool: Pool) {}

  async add({ topic, partition, offset, tenantId, callId, code, message }: Refused): Promise<boolean> {
    const { rows } = await this.pool.query<{ known: boolean }>({
      name: 'add_refused_record',
      text: `WITH added AS (
               INSERT INTO refused_record (topic, partition, kafka_offset, tenant_id, call_id, code, message)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING)
             SELECT EXISTS (SELECT FROM submission WHERE tenant_id = $4 AND call_id = $5) AS known`,
      values: [topic, partition, offset, tenantId, callId ?? null, code, message.replaceAll('\u0000', '')],
    });
    this.#added += 1;
    if (this.#added % pruneEvery === 0) await this.#prune(tenantId);
    return rows[0]?.known === true;
  }

  async page(tenantId: string, { limit, cursor }: RefusedRecordQuery): Promise<RefusedRecordPage> {
    const before = cursor !== undefined && /^\d{1,18}$/.test(cursor) ? cursor : null;
    const { rows } = await this.pool.query<Row>(
      `SELECT id, topic, partition, kafka_offset, call_id, code, message, refused_at FROM refused_record
        WHERE tenant_id = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [tenantId, before, limit + 1],
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      records: shown.map((row) => ({
        origin: { topic: row.topic, partition: row.partition, offset: row.kafka_offset },
        ...(row.call_id === null ? {} : { call_id: row.call_id }),
        code: row.code,
        message: row.message,
        refused_at: row.refused_at.toISOString(),
      })),
      ...(rows.length > limit && last !== undefined ? { cursor: last.id } : {}),
    };
  }

  async #prune(tenantId: string): Promise<void> {
    await this.pool.query(
      `DELETE FROM refused_record
        WHERE tenant_id = $1
          AND id <= (SELECT id FROM refused_record WHERE tenant_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)`,
      [tenantId, mostKept],
    );
  }
}
