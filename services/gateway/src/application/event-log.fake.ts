import type { AcceptedCall, FiredTrigger } from '@action-mesh/contracts/gateway';
import type { TraceContext } from '@action-mesh/kernel';

import type { CallLane, EventLog } from './event-log.port.js';

/** Keeps the written records in memory. */
export class FakeEventLog implements EventLog {
  readonly calls: { readonly call: AcceptedCall; readonly trace: TraceContext; readonly lane: CallLane }[] =
    [];
  readonly triggers: FiredTrigger[] = [];
  /** The error of every write while it is set. */
  failure: Error | undefined;
  /** Called for each accepted call before its write resolves. */
  onCall: ((call: AcceptedCall) => void) | undefined;
  /** Each write of a call waits for this. */
  confirmed: Promise<void> | undefined;

  async callAccepted(call: AcceptedCall, trace: TraceContext, lane: CallLane): Promise<void> {
    await this.#settle();
    this.calls.push({ call, trace, lane });
    this.onCall?.(call);
    await this.confirmed;
  }

  async triggerFired(fired: FiredTrigger): Promise<void> {
    await this.#settle();
    this.triggers.push(fired);
  }

  #settle(): Promise<void> {
    return this.failure === undefined ? Promise.resolve() : Promise.reject(this.failure);
  }
}
