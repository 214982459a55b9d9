import type { CallPage, CallQuery, CallView } from '@action-mesh/contracts/executor';
import type { Principal } from '@action-mesh/identity';
import { isId } from '@action-mesh/kernel';

import type { CallHistory } from './call-history.port.js';
import type { CallVisibility } from './call-visibility.js';
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
  readonly #visibility: CallVisibility;

  constructor(history: CallHistory, recent: RecentCalls, visibility: CallVisibility) {
    this.#history = history;
    this.#recent = recent;
    this.#visibility = visibility;
  }

  /** Throws `MeshUnavailableError` when the ledger cannot be read. */
  async execute(caller: Principal, callId: string): Promise<FoundCall> {
    if (!isId(callId)) return { kind: 'unknown' };
    const view = await this.#history.find(caller, callId);
    if (view !== undefined) return { kind: 'recorded', view };
    const call = this.#recent.get(caller.tenantId, callId);
    if (call === undefined || !this.#visibility.includes(caller, call)) return { kind: 'unknown' };
    return { kind: 'accepted', call };
  }

  /** Throws `MeshUnavailableError` when the ledger cannot be read. */
  list(caller: Principal, query: CallQuery): Promise<CallPage> {
    return this.#history.list(caller, query);
  }
}
