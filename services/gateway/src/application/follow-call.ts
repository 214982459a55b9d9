import type { Principal } from '@action-mesh/identity';

import type { CallHistory } from './call-history.port.js';
import type { ExecuteOptions, Execution } from './execute-call.js';
import type { NextPages } from './next-pages.js';
import type { OutcomeWaiters } from './outcome-waiters.js';
import { readOutcome, settledOutcome } from './settled-outcome.js';

/** A call that was accepted before. */
export interface FollowedCall {
  readonly callId: string;
  readonly userId: string;
  /** The slug of its tool. */
  readonly tool: string;
}

/** Waits for the outcome of a call that was accepted before, by this gateway or another one. */
export class FollowCall {
  readonly #waiters: OutcomeWaiters;
  readonly #history: CallHistory;
  readonly #pages: NextPages;

  /** `history` has the limits of the caller's key. */
  constructor(waiters: OutcomeWaiters, history: CallHistory, pages: NextPages) {
    this.#waiters = waiters;
    this.#history = history;
    this.#pages = pages;
  }

  /**
   * Resolves with the outcome. At the end of the wait that is the newest one, perhaps one after which the call continues.
   * Undefined: the caller sees no such call. Rejects with `MeshUnavailableError` when the ledger cannot be read.
   */
  async execute(
    caller: Principal,
    { callId, userId, tool }: FollowedCall,
    { waitMs, whenGone }: Pick<ExecuteOptions, 'waitMs' | 'whenGone'>,
  ): Promise<Pick<Execution, 'outcome' | 'next'> | undefined> {
    const party = { call_id: callId, tenant_id: caller.tenantId, user_id: userId, tool: { slug: tool } };
    const waiter = this.#waiters.open(party, waitMs);
    whenGone(() => waiter.cancel());
    try {
      const view = await this.#history.find(caller, callId);
      if (view === undefined) return undefined;
      const text = view.outcome?.text ?? '';
      const read = readOutcome(text);
      const known = read && settledOutcome(read, Buffer.from(text));
      const isOver = known !== undefined && known.resumesAtMs === undefined;
      const outcome = isOver ? known : ((await waiter.settled) ?? known);
      if (outcome === undefined) return {};
      const json = (): string => Buffer.from(outcome.json).toString('utf8');
      const next = view.arguments && this.#pages.after(view.tool, view.arguments, json);
      return { outcome, next };
    } finally {
      waiter.cancel();
    }
  }
}
