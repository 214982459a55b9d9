import type { Pool } from 'pg';

import type { DueOutcome } from '../../application/outcome-publisher.port.js';
import type { Move } from '../../application/ledger.port.js';
import { dueOutcome, type Leftovers } from './record-statement.js';

interface Row {
  ord: number;
  outbox_id: string | null;
  call_id: string | null;
  seq: number | null;
  trace: string | null;
  value: string | null;
}

/** What `advance_calls` did: which moves happened, in the order given, and what is to be published. */
export interface Advanced {
  readonly moved: readonly boolean[];
  readonly due: readonly DueOutcome[];
}

/** One call of `advance_calls`. */
export async function advanceCalls(
  pool: Pool,
  instanceId: string,
  marginMs: number,
  moves: readonly Move[],
  leftovers: Leftovers,
): Promise<Advanced> {
  const sorted = moves.map((move, index) => ({ move, index, key: lockOrder(move) }));
  sorted.sort((a, b) => (a.key < b.key ? -1 : 1));
  const column = <V>(value: (move: Move) => V): V[] => sorted.map(({ move }) => value(move));
  const { rows } = await pool.query<Row>({
    name: 'advance_calls',
    text: `SELECT * FROM advance_calls($1, $2 * interval '1 ms', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    values: [
      instanceId,
      marginMs,
      column(({ owned }) => owned.call.tenant_id),
      column(({ owned }) => owned.call.user_id),
      column(({ owned }) => Buffer.from(owned.call.hash, 'hex')),
      column(({ from }) => from.fence),
      column(({ from }) => from.state),
      column(({ from }) => from.attempt),
      column(({ evidence }) => evidence),
      column(({ to }) => to.state),
      column(({ to }) => to.fence),
      column(({ to }) => to.attempt),
      column(({ intent }) => intent?.digest ?? null),
      column(({ outcome }) => outcome ?? null),
      leftovers.published,
      leftovers.finished,
    ],
  });
  const moved = new Array<boolean>(moves.length).fill(false);
  const due: DueOutcome[] = [];
  for (const row of rows) {
    const place = sorted[row.ord - 1];
    if (place !== undefined) moved[place.index] = true;
    const outcome = dueOutcome(row);
    if (outcome !== undefined) due.push(outcome);
  }
  return { moved, due };
}

/** See record-statement: one order for all. */
function lockOrder({ owned: { call } }: Move): string {
  return `${call.tenant_id}\u0000${call.user_id}\u0000${call.hash}`;
}
