import type { CallPage, CallView } from '@action-mesh/contracts/executor';

import type { CallHistory } from './call-history.port.js';

/** A ledger in memory. */
export class FakeCallHistory implements CallHistory {
  readonly views = new Map<string, CallView>();
  failure: Error | undefined;

  find(callId: string): Promise<CallView | undefined> {
    return this.failure === undefined
      ? Promise.resolve(this.views.get(callId))
      : Promise.reject(this.failure);
  }

  list(): Promise<CallPage> {
    return Promise.resolve({ calls: [] });
  }
}
