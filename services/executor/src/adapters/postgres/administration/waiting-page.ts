import {
  readPageCursor,
  writePageCursor,
  type WaitingPage,
  type WaitingQuery,
  type WaitReason,
} from '@action-mesh/contracts/executor';
import type { ClientBase } from 'pg';

import { shownWait } from '../shown-wait.js';

interface Row {
  readonly call_id: string;
  readonly user_id: string;
  readonly tool: string;
  readonly reason: WaitReason;
  readonly scope: string | null;
  readonly detail: string | null;
  readonly since: Date;
  readonly due_at: Date;
  readonly due_us: string;
}

/** A page of the waiting calls, the next due first. The contract refuses a forged cursor. */
export async function readWaiting(
  client: ClientBase,
  tenantId: string,
  query: WaitingQuery,
): Promise<WaitingPage> {
  const after = query.cursor === undefined ? undefined : readPageCursor(query.cursor);
  const { rows } = await client.query<Row>(
    `SELECT call_id, user_id, tool, reason, scope, detail, since, due_at,
            (extract(epoch FROM due_at) * 1000000)::bigint::text AS due_us
       FROM waiting
      WHERE tenant_id = $1
        AND ($2::text IS NULL OR reason = $2) AND ($3::text IS NULL OR user_id = $3)
        AND ($4::text IS NULL OR tool = $4)
        AND ($5::bigint IS NULL
             OR (due_at, call_id) > ('epoch'::timestamptz + $5::bigint * interval '1 microsecond', $6::uuid))
      ORDER BY due_at, call_id LIMIT $7`,
    [
      tenantId,
      query.reason ?? null,
      query.user_id ?? null,
      query.tool ?? null,
      after?.atUs ?? null,
      after?.callId ?? null,
      query.limit + 1,
    ],
  );
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return {
    calls: page.map(({ reason, scope, detail, since, due_at, due_us: _position, ...call }) => ({
      ...call,
      ...shownWait({ reason, scope, detail, dueAt: due_at }),
      since: since.toISOString(),
    })),
    ...(last === undefined ? {} : { cursor: writePageCursor({ atUs: last.due_us, callId: last.call_id }) }),
  };
}
