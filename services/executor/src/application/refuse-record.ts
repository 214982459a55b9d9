import { setTimeout as sleep } from 'node:timers/promises';

import { noTenant, type OutcomeOfCall } from '@action-mesh/contracts/executor';
import { childSpan, MeshError, type Clock, type TraceContext } from '@action-mesh/kernel';

import type { RefusalLog } from './refusal-log.port.js';
import type { Refused, RefusedRecords } from './refused-records.port.js';

/** The facts about a refused record. */
export interface PutAside extends Refused {
  /** Facts about the call of the record, when its publisher is known. */
  readonly about?: { readonly userId?: string; readonly tool?: string };
  /** The answer to the publisher. @default made of the other facts */
  readonly outcome?: OutcomeOfCall;
  readonly trace?: TraceContext;
  /** The next step for the publisher. */
  readonly fix: string;
}

export interface RefuseRecordParts {
  readonly records: Pick<RefusedRecords, 'add'>;
  readonly refusals: RefusalLog;
  readonly clock: Pick<Clock, 'now'>;
  readonly signal: AbortSignal;
  /** Called once for each record. */
  readonly onRefused: (refused: PutAside) => void;
  readonly onError: (error: unknown) => void;
}

/** The text for a name that the record lacks, or gives without a valid token. */
const unknown = 'unknown';
const longestPauseMs = 5_000;

/**
 * Reports a record that became no call: in the log, in the list, and to its publisher. No outcome is published under an
 * id that the ledger knows, because an unreadable record says nothing about a running call.
 */
export class RefuseRecord {
  readonly #parts: RefuseRecordParts;

  constructor(parts: RefuseRecordParts) {
    this.#parts = parts;
  }

  /**
   * Never rejects. It repeats a failed attempt until the executor stops, and the record keeps its offset meanwhile. True:
   * the refusal is kept and answered.
   */
  async execute(aside: PutAside): Promise<boolean> {
    const { records, refusals, signal, onRefused, onError } = this.#parts;
    onRefused(aside);
    for (let pauseMs = 100; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        const isKnown = await records.add(aside);
        if (aside.callId !== undefined && !isKnown) {
          const outcome = aside.outcome ?? this.#outcome(aside, aside.callId);
          await refusals.refused(outcome, aside.trace ?? childSpan());
        }
        return true;
      } catch (error) {
        onError(error);
        // A fault of this record alone would return on every attempt.
        if (error instanceof MeshError && error.retry === 'terminal') return true;
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
    return false;
  }

  #outcome({ tenantId, code, message, fix, about = {} }: PutAside, callId: string): OutcomeOfCall {
    const at = new Date(this.#parts.clock.now()).toISOString();
    return {
      call_id: callId,
      replayed: false,
      seq: 1,
      tenant_id: tenantId ?? noTenant,
      user_id: about.userId ?? unknown,
      tool: { slug: about.tool ?? unknown },
      status: 'failed',
      error: { code: code.toLowerCase(), category: 'request', message, fix },
      attempts: 0,
      recovered: false,
      at,
      ended_at: at,
      duration_ms: 0,
    };
  }
}
