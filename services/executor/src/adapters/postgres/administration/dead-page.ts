import {
  readPageCursor,
  writePageCursor,
  type DeadCallView,
  type DeadFilter,
  type DeadPage,
  type DeadQuery,
} from '@action-mesh/contracts/executor';
import { CallAccepted } from '@action-mesh/contracts/gateway';
import type { ClientBase } from 'pg';

import type {
  DeadSelection,
  SelectedDead,
} from '../../../application/administration/call-administration.port.js';
import { readOrigin } from '../../../domain/dead-letter.js';
import { knownCall, knownColumns, readTried, type KnownRow } from './known-call.js';

interface Row {
  readonly call_id: string;
  readonly user_id: string;
  readonly tool: string;
  readonly status: DeadCallView['status'];
  /** As JSON: the members `error` and `answer`. */
  readonly reason: string;
  readonly attempt: number;
  readonly redrives: number;
  readonly died_at: Date;
  readonly died_us: string;
  readonly tried: string | null;
  readonly origin: string | null;
  readonly request: string;
}

const joined = `dead d JOIN call c ON c.tenant_id = d.tenant_id AND c.user_id = d.user_id AND c.hash = d.hash`;
const columns = `d.call_id, d.user_id, d.tool, d.status, d.reason, c.attempt, c.redrives, d.died_at,
  (extract(epoch FROM d.died_at) * 1000000)::bigint::text AS died_us, c.tried, c.origin, c.request`;
const matching = `d.tenant_id = $1 AND ($2::text IS NULL OR d.status = $2) AND ($3::text IS NULL OR d.tool = $3)
  AND ($4::text IS NULL OR d.user_id = $4) AND ($5::text IS NULL OR d.error_code = $5)
  AND ($6::timestamptz IS NULL OR d.died_at > $6) AND ($7::timestamptz IS NULL OR d.died_at < $7)`;

function filterValues(tenantId: string, filter: DeadFilter): unknown[] {
  const { status, tool, user_id, error_code, died_after, died_before } = filter;
  return [tenantId, status, tool, user_id, error_code, died_after, died_before].map((value) => value ?? null);
}

/** A page of dead calls, the newest first. The contract refuses a forged cursor. */
export async function readDead(client: ClientBase, tenantId: string, query: DeadQuery): Promise<DeadPage> {
  const before = query.cursor === undefined ? undefined : readPageCursor(query.cursor);
  const { rows } = await client.query<Row>(
    `SELECT ${columns} FROM ${joined}
      WHERE ${matching}
        AND ($8::bigint IS NULL
             OR (d.died_at, d.call_id) < ('epoch'::timestamptz + $8::bigint * interval '1 microsecond', $9::uuid))
      ORDER BY d.died_at DESC, d.call_id DESC LIMIT $10`,
    [...filterValues(tenantId, query), before?.atUs ?? null, before?.callId ?? null, query.limit + 1],
  );
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return {
    calls: page.map(summary),
    ...(last === undefined ? {} : { cursor: writePageCursor({ atUs: last.died_us, callId: last.call_id }) }),
  };
}

/** One dead call with all its known facts. */
export async function readDeadCall(
  client: ClientBase,
  tenantId: string,
  callId: string,
): Promise<DeadCallView | undefined> {
  const { rows } = await client.query<Row>(
    `SELECT ${columns} FROM submission s
       JOIN ${joined} ON d.tenant_id = s.tenant_id AND d.user_id = s.user_id AND d.hash = s.hash
                     AND d.call_id = coalesce(s.original_id, s.call_id)
      WHERE s.tenant_id = $1 AND s.call_id = $2`,
    [tenantId, callId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    ...summary(row),
    tried: readTried(row.tried),
    arguments: CallAccepted.schema.parse(JSON.parse(row.request)).arguments,
    ...(row.origin === null ? {} : { origin: readOrigin(row.origin) }),
  };
}

/** Up to `limit` dead calls of a selection, the oldest first. */
export async function selectDead(
  client: ClientBase,
  tenantId: string,
  selection: DeadSelection,
  limit: number,
): Promise<SelectedDead> {
  const [filter, callIds] = 'filter' in selection ? [selection.filter, null] : [{}, selection.callIds];
  const { rows } = await client.query<KnownRow & { readonly call_id: string }>(
    `SELECT d.call_id, ${knownColumns} FROM ${joined}
       LEFT JOIN waiting w ON false
      WHERE ${matching} AND ($8::uuid[] IS NULL OR d.call_id = ANY ($8))
      ORDER BY d.died_at, d.call_id LIMIT $9`,
    [...filterValues(tenantId, filter), callIds, limit + 1],
  );
  const taken = rows.slice(0, limit);
  return {
    calls: taken.filter(({ state }) => state === 'DEAD').map(knownCall),
    needVerdict: taken.filter(({ state }) => state !== 'DEAD').map(({ call_id }) => call_id),
    more: rows.length > limit,
  };
}

function summary(row: Row): DeadCallView {
  return {
    call_id: row.call_id,
    user_id: row.user_id,
    tool: row.tool,
    status: row.status,
    ...(JSON.parse(row.reason) as Pick<DeadCallView, 'error' | 'answer'>),
    attempts: row.attempt,
    redrives: row.redrives,
    died_at: row.died_at.toISOString(),
  };
}
