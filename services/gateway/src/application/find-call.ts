import type { CallComparison, CallPage, CallQuery, CallView } from '@action-mesh/contracts/executor';
import type { Principal } from '@action-mesh/identity';
import { isId } from '@action-mesh/kernel';

import type { CallHistory } from './call-history.port.js';
import type { CallVisibility } from './call-visibility.js';
import type { NextPages } from './next-pages.js';
import type { RecentCall, RecentCalls } from './recent-calls.js';

export type FoundCall =
  | {
      readonly kind: 'recorded';
      readonly view: CallView;
      /** The arguments of the call for the next page, as JSON. Absent without a known next page. */
      readonly next?: string | undefined;
    }
  /** This gateway accepted the call, and the ledger has not recorded it yet. */
  | { readonly kind: 'accepted'; readonly call: RecentCall }
  | { readonly kind: 'unknown' };

/** Finds calls and their state. */
export class FindCall {
  readonly #history: CallHistory;
  readonly #recent: RecentCalls;
  readonly #visibility: CallVisibility;
  readonly #pages: NextPages;

  constructor(history: CallHistory, recent: RecentCalls, visibility: CallVisibility, pages: NextPages) {
    this.#history = history;
    this.#recent = recent;
    this.#visibility = visibility;
    this.#pages = pages;
  }

  /** Throws `MeshUnavailableError` when the ledger cannot be read. */
  async execute(caller: Principal, callId: string): Promise<FoundCall> {
    if (!isId(callId)) return { kind: 'unknown' };
    const view = await this.#history.find(caller, callId);
    if (view !== undefined) {
      const { tool, arguments: given, outcome } = view;
      const next = outcome && given && this.#pages.after(tool, given, () => outcome.text);
      return { kind: 'recorded', view, next };
    }
    const call = this.#recent.get(caller.tenantId, callId);
    if (call === undefined || !this.#visibility.includes(caller, call)) return { kind: 'unknown' };
    return { kind: 'accepted', call };
  }

  /** Compares two calls. `undefined` when the caller sees only one of them, or none. Throws `MeshUnavailableError`. */
  async compare(caller: Principal, callId: string, other: string): Promise<CallComparison | undefined> {
    return isId(callId) ? this.#history.compare(caller, callId, other) : undefined;
  }

  /** Throws `MeshUnavailableError` when the ledger cannot be read. */
  list(caller: Principal, query: CallQuery): Promise<CallPage> {
    return this.#history.list(caller, query);
  }
}
