import type { AuditQuery } from '@action-mesh/contracts/audit';
import type pg from 'pg';

/** The places of a chain among which the entries of a query are: from `bottom` on, below `top`. */
export interface SearchedPlaces {
  readonly bottom: number;
  readonly top: number;
}

/** A record waits in Kafka for a week at most, so its entry is not much older than that. */
const latest = '8 days';
/** The clocks of two machines differ by less than an hour, and two of them decide here. */
const earliest = '2 hours';

/**
 * Bounds a search by its times. Entries are recorded in the order of their places, so two reads of the index of times find
 * both ends, however many entries lie between them.
 */
export async function searchedPlaces(
  client: pg.ClientBase,
  tenantId: string,
  { from, to, cursor }: Pick<AuditQuery, 'from' | 'to' | 'cursor'>,
): Promise<SearchedPlaces> {
  const { rows } = await client.query<{ seq: string; above: string | null; below: string | null }>(
    `SELECT c.seq,
            (SELECT e.seq FROM entry e
              WHERE e.tenant_id = $1 AND e.recorded_at >= $2::timestamptz + interval '${latest}'
              ORDER BY e.recorded_at, e.seq LIMIT 1) AS above,
            (SELECT e.seq FROM entry e
              WHERE e.tenant_id = $1 AND e.recorded_at < $3::timestamptz - interval '${earliest}'
              ORDER BY e.recorded_at DESC, e.seq DESC LIMIT 1) AS below
       FROM chain c WHERE c.tenant_id = $1`,
    [tenantId, to, from],
  );
  const { seq = '0', above, below } = rows[0] ?? {};
  const end = cursor === undefined ? Number(seq) + 1 : Number(cursor);
  return { bottom: Number(below ?? 0) + 1, top: Math.min(end, Number(above ?? Infinity)) };
}
