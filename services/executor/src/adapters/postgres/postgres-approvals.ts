import {
  readPageCursor,
  writePageCursor,
  type ApprovalPage,
  type ApprovalQuery,
  type ApprovalStatus,
  type ApprovalSummary,
} from '@action-mesh/contracts/executor';
import { CallAccepted, type AcceptedCall } from '@action-mesh/contracts/gateway';
import { withTenant } from '@action-mesh/postgres';
import type { ClientBase, Pool } from 'pg';

import type {
  ApprovalAbout,
  Approvals,
  FoundApproval,
  KnownApproval,
  PersonsDecision,
} from '../../application/approvals.port.js';

interface Row {
  readonly id: string;
  readonly status: ApprovalStatus;
  readonly call_id: string;
  readonly user_id: string;
  readonly tool: string;
  readonly about: string;
  readonly asked_at: Date;
  readonly asked_us: string;
  readonly expires_at: Date;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly note: string | null;
}

/** The clock of the ledger decides when the time of an approval is over. */
const status = `CASE WHEN a.decision IS NOT NULL THEN a.decision
                     WHEN a.expires_at <= now_ms() THEN 'expired' ELSE 'pending' END`;

const columns = `a.id, ${status} AS status, a.call_id, a.user_id, a.tool, a.about, a.asked_at,
  (extract(epoch FROM a.asked_at) * 1000000)::bigint::text AS asked_us, a.expires_at, a.decided_by, a.decided_at, a.note`;

/** Approvals in the ledger's tables. People use them, so each statement runs as the role of its tenant. */
export class PostgresApprovals implements Approvals {
  readonly #pool: Pool;
  /** Called when a decision lets a call go. */
  readonly #onReleased: () => void;

  constructor(pool: Pool, onReleased: () => void) {
    this.#pool = pool;
    this.#onReleased = onReleased;
  }

  async ofCall(
    { tenant_id: tenantId, call_id: callId }: AcceptedCall,
    redrives: number,
  ): Promise<KnownApproval | undefined> {
    const { rows } = await this.#pool.query<
      Pick<Row, 'id' | 'status' | 'about' | 'expires_at' | 'decided_by' | 'note'> & Left
    >({
      name: 'approval_of_call',
      text: `SELECT a.id, ${status} AS status, a.about, a.expires_at, a.decided_by, a.note,
                    a.expires_at <= now_ms() AS is_over,
                    (extract(epoch FROM a.expires_at - now_ms()) * 1000)::double precision AS left_ms
               FROM approval a
              WHERE a.tenant_id = $1 AND a.call_id = $2 AND a.redrives = $3
              ORDER BY a.asked_at DESC, a.id DESC LIMIT 1`,
      values: [tenantId, callId, redrives],
    });
    const [row] = rows;
    if (row === undefined) return undefined;
    return {
      id: row.id,
      // A question without an answer is still open for its call, which ends it by the next move.
      status: row.status === 'expired' ? 'pending' : row.status,
      isOver: row.is_over,
      leftMs: row.left_ms,
      expiresAt: row.expires_at.toISOString(),
      about: JSON.parse(row.about) as ApprovalAbout,
      ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
      ...(row.note === null ? {} : { note: row.note }),
    };
  }

  page(tenantId: string, query: ApprovalQuery): Promise<ApprovalPage> {
    return withTenant(this.#pool, tenantId, (client) => readApprovals(client, tenantId, query));
  }

  async find(tenantId: string, id: string): Promise<FoundApproval | undefined> {
    const { rows } = await withTenant(this.#pool, tenantId, (client) =>
      client.query<Row & { readonly request: string }>(
        `SELECT ${columns}, c.request
           FROM approval a, LATERAL (
             SELECT request FROM call
              WHERE tenant_id = a.tenant_id AND user_id = a.user_id AND hash = a.hash AND call_id = a.call_id
             UNION ALL
             SELECT request FROM call_history WHERE tenant_id = a.tenant_id AND call_id = a.call_id
             LIMIT 1) c
          WHERE a.tenant_id = $1 AND a.id = $2`,
        [tenantId, id],
      ),
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return { summary: summary(row), call: CallAccepted.schema.parse(JSON.parse(row.request)) };
  }

  /** A call under decision at this moment is skipped (L3). Its next wait finds the decision. */
  async decide({ tenantId, id, decision, by, note }: PersonsDecision): Promise<boolean> {
    const isFirst = await withTenant(this.#pool, tenantId, async (client) => {
      const { rows } = await client.query<Pick<Row, 'user_id' | 'call_id'> & { readonly hash: Buffer }>(
        `UPDATE approval SET decision = $3, decided_by = $4, decided_at = now_ms(), note = $5
          WHERE tenant_id = $1 AND id = $2 AND decision IS NULL AND expires_at > now_ms()
          RETURNING user_id, call_id, hash`,
        [tenantId, id, decision, by, note ?? null],
      );
      const [row] = rows;
      if (row === undefined) return false;
      await client.query(
        `WITH free AS MATERIALIZED (
           SELECT tenant_id, user_id, hash FROM waiting
            WHERE tenant_id = $1 AND user_id = $2 AND hash = $3 AND call_id = $4 AND reason = 'awaiting_approval'
              FOR UPDATE SKIP LOCKED)
         UPDATE waiting w
            SET lane = 'overflow', reason = 'tenant_backlog', scope = 'tenant:' || w.tenant_id, detail = NULL,
                due_at = w.since
           FROM free f
          WHERE w.tenant_id = f.tenant_id AND w.user_id = f.user_id AND w.hash = f.hash`,
        [tenantId, row.user_id, row.hash, row.call_id],
      );
      return true;
    });
    if (isFirst) this.#onReleased();
    return isFirst;
  }
}

interface Left {
  readonly is_over: boolean;
  readonly left_ms: number;
}

/** Pending approvals come the oldest first, all others the newest first. */
async function readApprovals(
  client: ClientBase,
  tenantId: string,
  { status: wanted, user_id, tool, limit, cursor }: ApprovalQuery,
): Promise<ApprovalPage> {
  const isPending = wanted === 'pending';
  const [order, beyond] = isPending ? ['ASC', '>'] : ['DESC', '<'];
  const end = cursor === undefined ? undefined : readPageCursor(cursor);
  const { rows } = await client.query<Row>(
    `SELECT ${columns} FROM approval a
      WHERE a.tenant_id = $1
        AND ($2::text IS NULL OR a.user_id = $2) AND ($3::text IS NULL OR a.tool = $3)
        AND ($4::text IS NULL OR ${status} = $4) ${isPending ? 'AND a.decision IS NULL' : ''}
        AND ($5::bigint IS NULL
             OR (a.asked_at, a.id) ${beyond} ('epoch'::timestamptz + $5::bigint * interval '1 microsecond', $6::uuid))
      ORDER BY a.asked_at ${order}, a.id ${order} LIMIT $7`,
    [
      tenantId,
      user_id ?? null,
      tool ?? null,
      wanted === 'any' ? null : wanted,
      end?.atUs ?? null,
      end?.callId ?? null,
      limit + 1,
    ],
  );
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    approvals: page.map(summary),
    ...(last === undefined ? {} : { cursor: writePageCursor({ atUs: last.asked_us, callId: last.id }) }),
  };
}

function summary(row: Row): ApprovalSummary {
  const { rule, reason, digest, key_id: keyId, agent } = JSON.parse(row.about) as ApprovalAbout;
  const { decided_by: by, decided_at: at, note } = row;
  return {
    id: row.id,
    status: row.status,
    call_id: row.call_id,
    user_id: row.user_id,
    tool: row.tool,
    requested_by: {
      ...(keyId === undefined ? {} : { key_id: keyId }),
      ...(agent === undefined ? {} : { agent }),
    },
    ...(rule === undefined ? {} : { rule }),
    reason,
    arguments_digest: digest,
    asked_at: row.asked_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    ...(by === null || at === null
      ? {}
      : { decision: { by, at: at.toISOString(), ...(note === null ? {} : { note }) } }),
  };
}
