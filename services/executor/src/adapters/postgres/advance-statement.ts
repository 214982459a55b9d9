import type { ClientBase, Pool } from 'pg';

import type { Move } from '../../application/ledger.port.js';
import type { OutboxRecord } from '../../application/outbox-publisher.port.js';
import { deadStates, terminalStates } from '../../domain/call.js';
import { compareKeys, lockKey } from './lock-order.js';
import { outboxRecord, type OutboxRow } from './outbox-row.js';
import type { Leftovers } from './record-statement.js';
import { retrySignal } from './retry-signal.js';

interface Row extends OutboxRow {
  readonly ord: number;
}

/** The result of `advance_calls`: the applied moves, in the order given, and the records to publish. */
export interface Advanced {
  readonly moved: readonly boolean[];
  readonly due: readonly OutboxRecord[];
}

export interface AdvanceOptions {
  readonly instanceId: string;
  readonly marginMs: number;
  /** Whether the calls include waiting or dead ones, which have no owner. @default false */
  readonly unparks?: boolean;
}

/** The states of a compensating call that are reported to the call that it undoes. */
const atRest = [...terminalStates, ...deadStates];

const parameters = Array.from({ length: 29 }, (_, index) => `$${index + 3}`).join(', ');
const text = `SELECT * FROM advance_calls($1, $2 * interval '1 ms', ${parameters})`;

/** One call of `advance_calls`. */
export async function advanceCalls(
  database: Pool | ClientBase,
  { instanceId, marginMs, unparks = false }: AdvanceOptions,
  moves: readonly Move[],
  leftovers: Leftovers,
): Promise<Advanced> {
  const sorted = moves.map((move, index) => ({ move, index, key: lockKey(move.known.call) }));
  sorted.sort((a, b) => compareKeys(a.key, b.key));
  const column = <V>(value: (move: Move) => V): V[] => sorted.map(({ move }) => value(move));
  const { rows } = await database.query<Row>({
    name: 'advance_calls',
    text,
    values: [
      instanceId,
      marginMs,
      column(({ known }) => known.call.tenant_id),
      column(({ known }) => known.call.user_id),
      column(({ known }) => Buffer.from(known.call.hash, 'hex')),
      column(({ from }) => from.fence),
      column(({ from }) => from.state),
      column(({ from }) => from.attempt),
      column(({ evidence }) => evidence),
      column(({ to }) => to.state),
      column(({ to }) => to.fence),
      column(({ to }) => to.attempt),
      column(({ to }) => to.redrives),
      column(({ to }) => to.attemptsBefore),
      column(({ intent }) => intent?.digest ?? null),
      column(({ outcome }) => outcome ?? null),
      column(({ tried }) => (tried === undefined ? null : JSON.stringify(tried))),
      column(({ known }) => known.call.tool.slug),
      column(({ park }) => park?.delayMs ?? null),
      column(({ park }) => park?.reason ?? null),
      column(({ park }) => park?.scope ?? null),
      column(({ park }) => park?.rung ?? null),
      column((move) => (move.park?.rung === undefined ? null : retrySignal(move, move.park.delayMs))),
      column(({ death }) => death?.letter ?? null),
      column(({ death }) => (death === undefined ? null : deathReason(death))),
      column(({ death }) => death?.failure.code ?? null),
      column(({ known, to }) => (atRest.includes(to.state) ? (known.call.compensates ?? null) : null)),
      column(({ validityMs }) => validityMs ?? null),
      unparks,
      leftovers.published,
      leftovers.finished,
    ],
  });
  const moved = new Array<boolean>(moves.length).fill(false);
  const due: OutboxRecord[] = [];
  for (const row of rows) {
    const place = sorted[row.ord - 1];
    if (place !== undefined) moved[place.index] = true;
    const record = outboxRecord(row);
    if (record !== undefined) due.push(record);
  }
  return { moved, due };
}

/** The entry of a call in the list of dead letters: the reason, and the provider's answer. */
function deathReason({ failure: error, answer }: NonNullable<Move['death']>): string {
  return JSON.stringify({ error, answer });
}
