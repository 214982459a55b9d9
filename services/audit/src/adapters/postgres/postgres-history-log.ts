/**
 * Appends to the chains, in one transaction for the entries of many tenants.
 *
 * - HL1: the row of a chain is locked before anything of it is read, in the order of tenants. So each chain has one writer,
 *   over all instances, and two writers never wait for each other in a circle.
 * - HL2: entries that are there already are found behind the lock. So a redelivery adds nothing (I13).
 * - HL3: the last entry of an append carries a signature, so no committed entry is beyond a checkpoint.
 * - HL4: only entries that can never be stored are refused. With any other error of the database they wait, because an
 *   entry that is refused is gone from the chain of its tenant (I13).
 */
import { randomBytes, randomUUID } from 'node:crypto';

import type { Clock } from '@action-mesh/kernel';
import { sqlState, transact } from '@action-mesh/postgres';
import type pg from 'pg';

import type { HistoryLog } from '../../application/history-log.port.js';
import { auditPoints } from '../../diagnostics.js';
import { HistoryUnavailableError, UnrecordableEntryError } from '../../domain/audit.errors.js';
import { genesisHash } from '../../domain/chain-hash.js';
import { nextRecord, type ChainEnd, type Person } from '../../domain/chain-record.js';
import { wellFormedEntry, type NewEntry } from '../../domain/new-entry.js';
import type { ChainSigner } from '../../domain/signing-keys.js';
import { entryRow, insertEntries, type EntryRow } from './entry-row.js';

export interface HistoryLogOptions {
  readonly pool: pg.Pool;
  readonly signer: ChainSigner;
  readonly clock: Pick<Clock, 'now'>;
  /** False: the chain gets digests of arguments, results and thoughts, and nothing keeps the texts. */
  readonly keepContent: boolean;
}

interface HeadRow {
  readonly tenant_id: string;
  readonly seq: string;
  readonly hash: Buffer;
}

export class PostgresHistoryLog implements HistoryLog {
  readonly #options: HistoryLogOptions;
  /** Tenants whose chain has a row. */
  readonly #known = new Set<string>();

  constructor(options: HistoryLogOptions) {
    this.#options = options;
  }

  async append(given: readonly NewEntry[]): Promise<readonly boolean[]> {
    const entries = given.map(wellFormedEntry);
    try {
      const isNew = await transact(this.#options.pool, (client) => this.#write(client, entries));
      auditPoints.after_commit.publish(() => ({ entries: entries.length }));
      return isNew;
    } catch (error) {
      throw isRefusal(error) ? error : new HistoryUnavailableError(error);
    }
  }

  async #write(client: pg.ClientBase, entries: readonly NewEntry[]): Promise<boolean[]> {
    const ends = await this.#lock(client, [...new Set(entries.map(({ tenantId }) => tenantId))].sort());
    const known = await knownEntries(client, entries);
    // A known entry may be of an erased person, who must not come back with it.
    const people = await this.#people(
      client,
      entries.filter(({ tenantId, id }) => !known.has(entryName(tenantId, id))),
    );
    const rows: EntryRow[] = [];
    const last = new Map<string, EntryRow>();
    const recordedAt = new Date(this.#options.clock.now()).toISOString();
    const isNew = entries.map((entry) => {
      const { tenantId, id } = entry;
      const name = entryName(tenantId, id);
      if (known.has(name)) return false;
      known.add(name);
      const end = ends.get(tenantId);
      if (end === undefined) throw this.#withoutChain(tenantId);
      const person = people.get(personName(tenantId, entry.userId));
      const { keepContent } = this.#options;
      const record = nextRecord(entry, { end, person, recordedAt, keepContent });
      ends.set(tenantId, record);
      const row = entryRow(entry, record, person?.person, recordedAt);
      rows.push(row);
      last.set(tenantId, row);
      return true;
    });
    if (rows.length > 0) await this.#store(client, rows, last);
    return isNew;
  }

  /** Somebody deleted the row of a known chain. The next append makes it again. */
  #withoutChain(tenantId: string): Error {
    this.#known.delete(tenantId);
    return new Error('the chain of a tenant has no row');
  }

  async #store(
    client: pg.ClientBase,
    rows: readonly EntryRow[],
    last: ReadonlyMap<string, EntryRow>,
  ): Promise<void> {
    for (const [tenantId, row] of last) {
      const place = { tenantId, seq: row.seq, hash: Buffer.from(row.hash, 'hex') };
      row.signature = this.#options.signer.signCheckpoint(place).toString('hex');
    }
    await insertEntries(client, rows);
    auditPoints.after_insert.publish(() => ({ entries: rows.length }));
    await client.query({
      name: 'move_chains',
      text: `UPDATE chain SET seq = n.seq, hash = decode(n.hash, 'hex')
               FROM json_to_recordset($1) AS n (tenant_id text, seq bigint, hash text)
              WHERE chain.tenant_id = n.tenant_id`,
      values: [JSON.stringify([...last].map(([tenant_id, { seq, hash }]) => ({ tenant_id, seq, hash })))],
    });
    auditPoints.before_commit.publish(() => ({ entries: rows.length }));
  }

  /** The ends of chains behind their locks (HL1). A tenant's first append creates its row. */
  async #lock(client: pg.ClientBase, tenants: readonly string[]): Promise<Map<string, ChainEnd>> {
    const strangers = tenants.filter((tenantId) => !this.#known.has(tenantId));
    if (strangers.length > 0)
      await client.query(
        `INSERT INTO chain (tenant_id, seq, hash)
         SELECT tenant_id, 0, hash FROM unnest($1::text[], $2::bytea[]) AS n (tenant_id, hash) ORDER BY tenant_id
         ON CONFLICT DO NOTHING`,
        [strangers, strangers.map(genesisHash)],
      );
    const { rows } = await client.query<HeadRow>({
      name: 'lock_chains',
      text: 'SELECT tenant_id, seq, hash FROM chain WHERE tenant_id = ANY ($1) ORDER BY tenant_id FOR UPDATE',
      values: [tenants],
    });
    for (const { tenant_id: tenantId } of rows) if (this.#known.size < 100_000) this.#known.add(tenantId);
    return new Map(rows.map(({ tenant_id, seq, hash }) => [tenant_id, { seq: Number(seq), hash }]));
  }

  /** The persons of users, and of tenants for content without a user. An unknown one gets an id and a key. */
  async #people(client: pg.ClientBase, entries: readonly NewEntry[]): Promise<Map<string, Person>> {
    const wanted = new Map<string, { tenant_id: string; user_id: string; person: string; key: string }>();
    for (const { tenantId, userId, content } of entries) {
      if (userId === undefined && content === undefined) continue;
      const name = personName(tenantId, userId);
      if (wanted.has(name)) continue;
      wanted.set(name, {
        tenant_id: tenantId,
        user_id: userId ?? '',
        person: randomUUID(),
        key: randomBytes(32).toString('hex'),
      });
    }
    if (wanted.size === 0) return new Map();
    const { rows } = await client.query<{ tenant_id: string; user_id: string; person: string; key: Buffer }>({
      name: 'know_people',
      text: `WITH wanted AS (
               SELECT * FROM json_to_recordset($1) AS n (tenant_id text, user_id text, person uuid, key text)),
             added AS (
               INSERT INTO person (tenant_id, user_id, person, key)
               SELECT w.tenant_id, w.user_id, w.person, decode(w.key, 'hex') FROM wanted w
                WHERE NOT EXISTS (
                  SELECT FROM person p WHERE p.tenant_id = w.tenant_id AND p.user_id = w.user_id)
               RETURNING tenant_id, user_id, person, key)
             SELECT p.tenant_id, p.user_id, p.person, p.key
               FROM wanted w JOIN person p ON p.tenant_id = w.tenant_id AND p.user_id = w.user_id
             UNION ALL SELECT tenant_id, user_id, person, key FROM added`,
      values: [JSON.stringify([...wanted.values()])],
    });
    return new Map(
      rows.map(({ tenant_id, user_id: userId, person, key }) => [
        personName(tenant_id, userId),
        { person, key, userId },
      ]),
    );
  }
}

/** The SQLSTATE classes of a statement that PostgreSQL never takes: wrong data, and a broken constraint. */
const refusals: ReadonlySet<string> = new Set(['22', '23']);

/** Whether the entries themselves are wrong (HL4). */
function isRefusal(error: unknown): boolean {
  return error instanceof UnrecordableEntryError || refusals.has(sqlState(error)?.slice(0, 2) ?? '');
}

/** The names of entries that their chains have already (HL2). */
async function knownEntries(client: pg.ClientBase, entries: readonly NewEntry[]): Promise<Set<string>> {
  const { rows } = await client.query<{ tenant_id: string; id: string }>({
    name: 'known_entries',
    text: `SELECT e.tenant_id, e.id
             FROM unnest($1::text[], $2::uuid[]) AS n (tenant_id, id)
             JOIN entry e ON e.tenant_id = n.tenant_id AND e.id = n.id`,
    values: [entries.map(({ tenantId }) => tenantId), entries.map(({ id }) => id)],
  });
  return new Set(rows.map(({ tenant_id, id }) => entryName(tenant_id, id)));
}

function entryName(tenantId: string, id: string): string {
  return `${tenantId} ${id}`;
}

function personName(tenantId: string, userId = ''): string {
  return `${tenantId} ${userId}`;
}
