import type { Pool } from 'pg';

import type { OwnedCall } from '../../application/ledger.port.js';
import type { NamedCall, WakeBounds, WokenCall } from '../../application/parked-calls.port.js';
import { executorPoints } from '../../diagnostics.js';
import type { LedgerInstance } from './instance-lease.js';
import { hexBytea, jsonRows } from './json-rows.js';
import { takenCall, type TakenRow } from './taken-call.js';

/** Milliseconds that the ladder may be late. After that, the scheduler wakes the ladder's calls. */
const ladderGraceMs = 5_000;

/** Ends dead instances and takes over the calls of up to `limit` of their batches. */
export async function takeOverCalls(
  pool: Pool,
  instance: LedgerInstance,
  limit: number,
): Promise<OwnedCall[]> {
  await pool.query({
    name: 'end_dead_instances',
    text: 'SELECT end_dead_instances($1)',
    values: [instance.id],
  });
  executorPoints.before_take_over_commit.publish(() => ({ instanceId: instance.id }));
  const { rows } = await pool.query<TakenRow>({
    name: 'take_over_calls',
    text: 'SELECT * FROM take_over_calls($1, $2)',
    values: [instance.id, limit],
  });
  return rows.map((row) => takenCall(row, instance));
}

/** Lanes of parked calls, each with a grace: the milliseconds after its time at which a call of the lane is woken. */
type Lanes = readonly (readonly [name: string, graceMs: number])[];

/** The lanes of the scheduler: its own calls, and calls that the ladder has lost. */
export const dueLanes: Lanes = [
  ['scheduler', 0],
  ['ladder', ladderGraceMs],
];

/** The lane of calls that wait for their tenant's turn. */
export const overflowLanes: Lanes = [['overflow', 0]];

/** Wakes due calls of these lanes. */
export async function wakeDueCalls(
  pool: Pool,
  instance: LedgerInstance,
  marginMs: number,
  lanes: Lanes,
  { limit, capacity }: WakeBounds,
): Promise<WokenCall[]> {
  const { rows } = await pool.query<TakenRow>({
    name: 'wake_due_calls',
    text: `SELECT * FROM wake_due_calls($1, $2 * interval '1 ms', $3, $4::interval[], $5, $6, $7, $8)`,
    values: [
      instance.id,
      marginMs,
      lanes.map(([name]) => name),
      lanes.map(([, graceMs]) => `${graceMs} ms`),
      limit,
      [...capacity.byTenant.keys()],
      [...capacity.byTenant.values()],
      capacity.others,
    ],
  });
  return rows.map((row) => ({ owned: takenCall(row, instance), lateMs: row.late_ms }));
}

/** Wakes the named calls that still wait for exactly this record. */
export async function wakeNamedCalls(
  pool: Pool,
  instance: LedgerInstance,
  marginMs: number,
  calls: readonly NamedCall[],
): Promise<WokenCall[]> {
  const { rows } = await pool.query<TakenRow>({
    name: 'wake_named_calls',
    text: `SELECT * FROM wake_named_calls($1, $2 * interval '1 ms', $3)`,
    values: [
      instance.id,
      marginMs,
      jsonRows(
        calls.map(({ tenantId, userId, hash, attempt, hasCapacity }) => ({
          tenant_id: tenantId,
          user_id: userId,
          hash: hexBytea(hash),
          attempt,
          has_capacity: hasCapacity,
        })),
      ),
    ],
  });
  return rows.map((row) => ({ owned: takenCall(row, instance), lateMs: row.late_ms }));
}

/** The time at which the scheduler next wakes a call, as an SQL expression. */
export const nextDueAt = `least(${dueLanes
  .map(
    ([lane, graceMs]) =>
      `(SELECT min(due_at) + interval '${graceMs} ms' FROM waiting WHERE lane = '${lane}')`,
  )
  .join(', ')})`;

/** Milliseconds until the scheduler next wakes a call. Undefined when none waits. */
export async function untilNextDueMs(pool: Pool): Promise<number | undefined> {
  const { rows } = await pool.query<{ in_ms: number | null }>({
    name: 'until_next_due',
    text: `SELECT (extract(epoch FROM ${nextDueAt} - clock_timestamp()) * 1000)::double precision AS in_ms`,
  });
  return rows[0]?.in_ms ?? undefined;
}
