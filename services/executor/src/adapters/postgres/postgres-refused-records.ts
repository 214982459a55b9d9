import type { RefusedRecordPage, RefusedRecordQuery } from '@action-mesh/contracts/executor';
import { NaturalBatcher } from '@action-mesh/kernel';
import { withTenant } from '@action-mesh/postgres';
import type { Pool } from 'pg';

import type { Refused, RefusedRecordReader, RefusedRecords } from '../../application/refused-records.port.js';

/** The number of records that are kept for each tenant, and for no tenant. The oldest are deleted after this many new ones. */
const mostKept = 10_000;
const pruneEvery = 1_000;

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

const columns = 'id, topic, partition, kafka_offset, call_id, code, message, refused_at';
const newest = 'ORDER BY id DESC LIMIT $3';
const selectionOf = (tenant: string): string =>
  `(SELECT ${columns} FROM refused_record WHERE ${tenant} AND ($2::bigint IS NULL OR id < $2) ${newest})`;
const owned = selectionOf('tenant_id = $1');
const unproved = selectionOf('tenant_id IS NULL');

/** Refused records in a table of the ledger. */
export class PostgresRefusedRecords implements RefusedRecords {
  /** One statement at a time, so a flood takes one connection and few commits. */
  readonly #batches: NaturalBatcher<Refused, boolean>;
  #added = 0;

  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;

    this.#batches = new NaturalBatcher({ maxItems: 500 }, (batch) => this.#addAll(batch));
  }

  add(refused: Refused): Promise<boolean> {
    return this.#batches.add(refused);
  }

  async page(
    { tenantId, seesUnproved }: RefusedRecordReader,
    { limit, cursor }: RefusedRecordQuery,
  ): Promise<RefusedRecordPage> {
    const values = [tenantId, cursor ?? null, limit + 1];
    // A record without a tenant is no row of any tenant, so row-level security would hide it.
    const { rows } = seesUnproved
      ? await this.#pool.query<Row>(`${owned} UNION ALL ${unproved} ${newest}`, values)
      : await withTenant(this.#pool, tenantId, (client) => client.query<Row>(owned, values));
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

  async #addAll(batch: readonly Refused[]): Promise<readonly boolean[]> {
    const { rows } = await this.#pool.query<{ known: boolean }>({
      name: 'add_refused_records',
      text: `WITH given AS (
               SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::text[], $5::uuid[], $6::text[], $7::text[])
                 WITH ORDINALITY AS g (topic, partition, kafka_offset, tenant_id, call_id, code, message, n)
             ), added AS (
               INSERT INTO refused_record (topic, partition, kafka_offset, tenant_id, call_id, code, message)
               SELECT topic, partition, kafka_offset, tenant_id, call_id, code, message FROM given
                ORDER BY topic, partition, kafka_offset ON CONFLICT DO NOTHING)
             SELECT EXISTS (SELECT FROM submission AS s
                             WHERE s.call_id = g.call_id AND s.tenant_id = coalesce(g.tenant_id, s.tenant_id)) AS known
               FROM given AS g ORDER BY n`,
      values: [
        batch.map(({ topic }) => topic),
        batch.map(({ partition }) => partition),
        batch.map(({ offset }) => offset),
        batch.map(({ tenantId }) => tenantId ?? null),
        batch.map(({ callId }) => callId ?? null),
        batch.map(({ code }) => code),
        batch.map(({ message }) => message.replaceAll('\u0000', '')),
      ],
    });
    this.#added += batch.length;
    if (this.#added >= pruneEvery) {
      this.#added = 0;
      for (const tenantId of new Set(batch.map((refused) => refused.tenantId))) await this.#prune(tenantId);
    }
    return rows.map(({ known }) => known);
  }

  async #prune(tenantId: string | undefined): Promise<void> {
    const isTheirs = tenantId === undefined ? 'tenant_id IS NULL AND $1::text IS NULL' : 'tenant_id = $1';
    await this.#pool.query(
      `DELETE FROM refused_record
        WHERE ${isTheirs}
          AND id <= (SELECT id FROM refused_record WHERE ${isTheirs} ORDER BY id DESC OFFSET $2 LIMIT 1)`,
      [tenantId ?? null, mostKept],
    );
  }
}
