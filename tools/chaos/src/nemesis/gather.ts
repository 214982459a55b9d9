import { CallDead, type OutcomeStatus } from '@action-mesh/contracts/executor';
import { decodeEvent } from '@action-mesh/messaging';

import { chaosLimit, isOfLimitedTool, refOf } from '../chaos-call.js';
import type { ChaosMesh } from '../chaos-mesh.js';
import type {
  DeadLetter,
  ChaosEvidence,
  LedgerCall,
  LedgerLeftovers,
  Submitted,
  Watched,
} from '../checker/evidence.js';
import type { LoggedRecord, TopicLog } from '../topic-log.js';

/** The evidence that only the run itself has. */
export interface OwnEvidence {
  readonly submitted: readonly Submitted[];
  readonly deadLetters: TopicLog;
  readonly watched: Watched;
}

/** Joins the evidence of the caller, the provider, the ledger and the topics. */
export async function gatherEvidence(mesh: ChaosMesh, own: OwnEvidence): Promise<ChaosEvidence> {
  const { submitted, watched, deadLetters } = own;
  const requests = await mesh.requests();
  return {
    submitted,
    watched,
    calls: await ledgerCalls(mesh),
    submissions: await ledgerSubmissions(mesh),
    leftovers: await leftovers(mesh),
    outcomes: mesh.outcomes.records.map(({ key, value }) => {
      const { seq, status } = JSON.parse(value) as { seq: number; status: OutcomeStatus };
      return { callId: key, seq, status, text: value };
    }),
    deadLetters: deadLetters.records.map(deadLetter),
    rate: {
      limit: chaosLimit.limit,
      burst: chaosLimit.burst,
      windowMs: 1_000,
      startedAtMs: requests[0]?.atMs ?? 0,
      requestsAtMs: requests.filter(isOfLimitedTool).map(({ atMs }) => atMs),
    },
    requests: requests.flatMap((request) => {
      const ref = refOf(request);
      return ref === undefined ? [] : [{ ref, atMs: request.atMs, isEffect: request.effect === 'new' }];
    }),
  };
}

async function ledgerCalls({ ledger }: ChaosMesh): Promise<LedgerCall[]> {
  const { rows } = await ledger.query<LedgerCall>(
    `SELECT call_id AS "callId", state, attempt, fence, seq, digest IS NOT NULL AS "hasIntent", outcome
       FROM executor.call`,
  );
  return rows;
}

async function ledgerSubmissions({ ledger }: ChaosMesh): Promise<ChaosEvidence['submissions']> {
  const { rows } = await ledger.query<{ callId: string; originalId: string | null }>(
    'SELECT call_id AS "callId", original_id AS "originalId" FROM executor.submission',
  );
  return rows;
}

async function leftovers({ ledger }: ChaosMesh): Promise<LedgerLeftovers> {
  const { rows } = await ledger.query<{ outbox: number; waiting: number; dead: string[] | null }>(
    `SELECT (SELECT count(*)::integer FROM executor.outbox) AS outbox,
            (SELECT count(*)::integer FROM executor.waiting) AS waiting,
            (SELECT array_agg(call_id) FROM executor.dead) AS dead`,
  );
  const [row] = rows;
  return { outboxRows: row?.outbox ?? 0, waitingRows: row?.waiting ?? 0, deadCallIds: row?.dead ?? [] };
}

/** Reads a dead letter. A record that the ledger wrote names its call. The consumer wrote all others. */
function deadLetter(record: LoggedRecord): DeadLetter {
  try {
    const { data } = decodeEvent(CallDead, {
      topic: CallDead.topic,
      partition: record.partition,
      offset: BigInt(record.offset),
      timestampMs: 0,
      key: Buffer.from(record.key),
      value: Buffer.from(record.value),
      headers: record.headers,
    });
    return { callId: data.call.call_id, what: data.status };
  } catch {
    return { what: record.headers['mesh-error-code'] ?? 'unreadable' };
  }
}
