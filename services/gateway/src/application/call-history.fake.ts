import type { CallComparison, CallPage, CallQuery, CallView } from '@action-mesh/contracts/executor';
import type { Principal } from '@action-mesh/identity';

import type { CallHistory } from './call-history.port.js';

/** A ledger in memory. */
export class FakeCallHistory implements CallHistory {
  readonly views = new Map<string, CallView>();
  readonly queries: CallQuery[] = [];
  page: CallPage = { calls: [] };
  failure: Error | undefined;

  find({ tenantId }: Principal, callId: string): Promise<CallView | undefined> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const view = this.views.get(callId);
    return Promise.resolve(view?.tenant_id === tenantId ? view : undefined);
  }

  compare(_caller: Principal, callId: string, other: string): Promise<CallComparison | undefined> {
    return Promise.resolve({ call_id: callId, with: other, equal: true, differences: [] });
  }

  list(_caller: Principal, query: CallQuery): Promise<CallPage> {
    this.queries.push(query);
    return Promise.resolve(this.page);
  }
}
