import type { ClientBase, Pool } from 'pg';

import type { Move } from '../../application/ledger.port.js';
import type { ClaimOfCall, OutboxRecord } from '../../application/outbox-publisher.port.js';
import { deadStates, terminalStates } from '../../domain/call.js';
import { bytea, hexBytea, jsonRows } from './json-rows.js';
import { compareKeys, lockKey } from './lock-order.js';
import { outboxRecord, type OutboxRow } from './outbox-row.js';
import { verdictText } from './policy-column.js';
import { retrySignal } from './retry-signal.js';
import { approvalColumns, detailText, laneOf, waitMsOf } from './wait-lane.js';

interface Row extends OutboxRow {
  readonly ord: number;
  readonly stored: boolean;
}

/** The result of `advance_calls`: the applied moves in the given order, and the records to publish. */
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

/** In these states, a compensating call is reported to the call that it undoes. */
const atRest = [...terminalStates, ...deadStates];

/** One call of `advance_calls`. */
export async function advanceCalls(
  database: Pool | ClientBase,
  { instanceId, marginMs, unparks = false }: AdvanceOptions,
  moves: readonly Move[],
): Promise<Advanced> {
  const sorted = moves.map((move, index) => ({ move, index, key: lockKey(move.known.call) }));
  sorted.sort((a, b) => compareKeys(a.key, b.key));
  const { rows } = await database.query<Row>({
    name: 'advance_calls',
    text: `SELECT * FROM advance_calls($1, $2 * interval '1 ms', $3, $4)`,
    values: [
      instanceId,
      marginMs,
      jsonRows(sorted.map(({ move }) => moveColumns(move, instanceId))),
      unparks,
    ],
  });
  const moved = new Array<boolean>(moves.length).fill(false);
  const due: OutboxRecord[] = [];
  for (const row of rows) {
    const place = sorted[row.ord - 1];
    if (place === undefined) continue;
    moved[place.index] = true;
    const record = outboxRecord(row, place.move.known.call.tenant_id);
    if (record === undefined) continue;
    const claim = row.stored ? undefined : claimOf(place.move, instanceId);
    due.push(claim === undefined ? record : { ...record, claim });
  }
  return { moved, due };
}

/** The members of the SQL type `call_move`. An absent member is null. */
export function moveColumns(move: Move, instanceId: string): object {
  const { from, to, intent, tried, park, death } = move;
  const { call } = move.known;
  return {
    tenant_id: call.tenant_id,
    user_id: call.user_id,
    hash: hexBytea(call.hash),
    from_fence: from.fence,
    from_state: from.state,
    from_attempt: from.attempt,
    evidence: move.evidence,
    to_state: to.state,
    to_fence: to.fence,
    to_attempt: to.attempt,
    redrives: to.redrives,
    attempts_before: to.attemptsBefore,
    digest: intent === undefined ? undefined : bytea(intent.digest),
    connection_id: intent?.connectionId,
    outcome: move.outcome,
    tried: tried === undefined ? undefined : JSON.stringify(tried),
    tool: call.tool.slug,
    wait_ms: park === undefined ? undefined : waitMsOf(park),
    wait_lane: park === undefined ? undefined : laneOf(park),
    wait_reason: park?.reason,
    wait_scope: park?.scope,
    wait_detail: park === undefined ? undefined : detailText(park),
    ...approvalColumns(park),
    policy: verdictText(move.policy),
    rung: park?.rung,
    signal: park?.rung === undefined ? undefined : retrySignal(move, park.delayMs),
    letter: death?.letter,
    reason: death === undefined ? undefined : deathReason(death),
    error_code: death?.failure.code,
    compensates: atRest.includes(to.state) ? call.compensates : undefined,
    validity_ms: move.validityMs,
    claimed: claimOf(move, instanceId) === undefined ? undefined : true,
  };
}

/** The claim by which this instance owns a call that ends. It vouches for the outcome (I8). */
function claimOf({ known: { claimId, instance }, to }: Move, instanceId: string): ClaimOfCall | undefined {
  if (claimId === undefined || claimId === '' || instance?.id !== instanceId) return undefined;
  return terminalStates.includes(to.state) ? { claimId, instance } : undefined;
}

/** The entry of a call in the list of dead letters: the reason, and the provider's answer. */
function deathReason({ failure: error, answer }: NonNullable<Move['death']>): string {
  return JSON.stringify({ error, answer });
}
