import type { CallPage, CallQuery, CallView } from '@action-mesh/contracts/executor';
import { isId } from '@action-mesh/kernel';

import type { CallHistory } from './call-history.port.js';
import type { RecentCall, RecentCalls } from './recent-calls.js';

export type FoundCall =
  | { readonly kind: 'recorded'; readonly view: CallView }
  /** This gateway accepted the call, and the ledger has not recorded it yet. */
  | { readonly kind: 'accepted'; readonly call: RecentCall }
  | { readonly kind: 'unknown' };

/** Finds calls and their state. */
export class FindCall {
  readonly #history: CallHistory;
  readonly #recent: RecentCalls;

  constructor(history: CallHistory, recent: RecentCalls) {
    this.#history = history;
    this.#recent = recent;
  }

  /** Throws `MeshUnavailableError` when the ledger cannot be read. */
  async execute(callId: string): Promise<FoundCall> {
    if (!isId(callId)) return { kind: 'unknown' };
    const view = await this.#history.find(callId);
    if (view !== undefined) return { kind: 'recorded', view };
    const call = this.#recent.get(callId);
    return call === undefined ? { kind: 'unknown' } : { kind: 'accepted', call };
  }

  /** Throws `MeshUnavailableError` when the ledger cannot be read. */
  list(query: CallQuery): Promise<CallPage> {
    return this.#history.list(query);
  }
}
