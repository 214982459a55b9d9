import {
  mostReportedIds,
  type RedriveReport,
  type RedriveRequest,
  type ReportedCalls,
} from '@action-mesh/contracts/executor';
import { newId, type Clock } from '@action-mesh/kernel';

import { transitions } from '../../domain/call.js';
import { ImpossibleTransitionError } from '../../domain/executor.errors.js';
import { describeEnding, type Ending } from '../../domain/outcome.js';
import type { KnownCall, Move } from '../ledger.port.js';
import type { CallAdministration } from './call-administration.port.js';

/** The most calls that one request takes. */
const limit = 1_000;

/**
 * Takes dead calls out of the queue and runs them again, spread over time. A request repeated with its id takes only
 * the calls that it has not taken yet. A request that dies midway has taken nothing (I9).
 */
export class RedriveCalls {
  readonly #administration: CallAdministration;
  readonly #clock: Clock;

  constructor(administration: CallAdministration, clock: Clock) {
    this.#administration = administration;
    this.#clock = clock;
  }

  async execute(tenantId: string, request: RedriveRequest, by: string): Promise<RedriveReport> {
    const { redrive_id: redriveId = newId(), call_ids: callIds, filter, dry_run: dryRun } = request;
    const selection = callIds === undefined ? { filter: filter ?? {} } : { callIds };
    const { calls, needVerdict, more } = await this.#administration.select(tenantId, selection, limit);
    const before = await this.#administration.takenBefore(
      tenantId,
      redriveId,
      callIds ?? calls.map(callIdOf),
    );
    const due = calls.filter((known) => !before.has(callIdOf(known)));
    const moves = due.map((known, place) => this.#move(known, (place / request.per_second) * 1_000, by));
    const taken = dryRun ? due.map(callIdOf) : await this.#administration.redrive(tenantId, redriveId, moves);
    const inQueue = new Set([...calls.map(callIdOf), ...needVerdict]);
    return {
      redrive_id: redriveId,
      dry_run: dryRun,
      matched: calls.length + needVerdict.length,
      redriven: reported(taken),
      needs_verdict: reported(needVerdict),
      already_redriven: reported([...before]),
      not_dead: reported((callIds ?? []).filter((callId) => !inQueue.has(callId) && !before.has(callId))),
      more,
    };
  }

  #move(known: KnownCall, delayMs: number, by: string): Move {
    const next = transitions(known.state, { type: 'redrive' });
    if (!next.ok) throw new ImpossibleTransitionError(next.reason);
    const until = new Date(this.#clock.now() + delayMs).toISOString();
    const ending: Ending = { status: 'waiting', waiting: { reason: 'redrive', until }, resolvedBy: by };
    return {
      known,
      from: known.state,
      to: next.call,
      evidence: false,
      park: { delayMs, reason: 'redrive' },
      ending,
      outcome: describeEnding(known.call, ending, { state: next.call, tried: known.tried }),
    };
  }
}

function callIdOf({ call }: KnownCall): string {
  return call.call_id;
}

function reported(callIds: readonly string[]): ReportedCalls {
  return { count: callIds.length, call_ids: callIds.slice(0, mostReportedIds) };
}
