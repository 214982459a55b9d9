import type { CallComparison, CallPage, CallQuery, CallView } from '@action-mesh/contracts/executor';
import type { Principal } from '@action-mesh/identity';

import type { CallHistory } from './call-history.port.js';
import type { CallVisibility } from './call-visibility.js';

/** The history of calls within the limits of the caller's key (CV1). */
export class VisibleHistory implements CallHistory {
  readonly #history: CallHistory;
  readonly #visibility: CallVisibility;

  constructor(history: CallHistory, visibility: CallVisibility) {
    this.#history = history;
    this.#visibility = visibility;
  }

  async find(caller: Principal, callId: string): Promise<CallView | undefined> {
    const view = await this.#history.find(caller, callId);
    if (view === undefined) return undefined;
    const { user_id: userId, tool } = view;
    return this.#visibility.includes(caller, { userId, tool: tool.slug, version: tool.version })
      ? view
      : undefined;
  }

  async compare(caller: Principal, callId: string, other: string): Promise<CallComparison | undefined> {
    const found = await Promise.all([this.find(caller, callId), this.find(caller, other)]);
    return found.includes(undefined) ? undefined : this.#history.compare(caller, callId, other);
  }

  /** A page of a key that is limited to tools can be short, since it leaves out the calls of other tools. */
  async list(caller: Principal, query: CallQuery): Promise<CallPage> {
    const page = await this.#history.list(caller, this.#visibility.narrow(caller, query));
    return { ...page, calls: visible(page.calls, caller, this.#visibility) };
  }
}

/** The calls of a list that the caller can see. */
export function visible<Call extends { readonly user_id: string; readonly tool?: string | undefined }>(
  calls: Call[],
  caller: Principal,
  visibility: CallVisibility,
): Call[] {
  return calls.filter(({ user_id: userId, tool }) => visibility.includes(caller, { userId, tool }));
}
