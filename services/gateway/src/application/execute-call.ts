import type { AcceptedCall, CallRequest } from '@action-mesh/contracts/gateway';
import type { Principal } from '@action-mesh/identity';
import type { TraceContext } from '@action-mesh/kernel';

import type { AcceptCall, BuiltInTool, CallLinks } from './accept-call.js';
import type { CallHistory } from './call-history.port.js';
import type { NextPages } from './next-pages.js';
import type { OutcomeWaiters, SettledOutcome } from './outcome-waiters.js';
import { readOutcome, settledOutcome } from './settled-outcome.js';

export interface ExecuteOptions {
  readonly caller: Principal;
  readonly trace: TraceContext;
  /** Milliseconds from now. */
  readonly waitMs: number;
  /** Registers a callback for the caller's departure. The callback stops the wait; the call continues. */
  readonly whenGone: (stopWaiting: () => void) => void;
  readonly links?: CallLinks;
  /** The tool of the call, if it is not published. */
  readonly builtIn?: BuiltInTool;
}

export interface Execution {
  readonly call: AcceptedCall;
  /** Absent while the call still runs. */
  readonly outcome?: SettledOutcome;
  /** The arguments of the call for the next page, as JSON. Absent without a known next page. */
  readonly next?: string | undefined;
}

/** Accepts a call and waits for its outcome. */
export class ExecuteCall {
  readonly #accept: AcceptCall;
  readonly #waiters: OutcomeWaiters;
  readonly #history: CallHistory;
  readonly #pages: NextPages;

  constructor(accept: AcceptCall, waiters: OutcomeWaiters, history: CallHistory, pages: NextPages) {
    this.#accept = accept;
    this.#waiters = waiters;
    this.#history = history;
    this.#pages = pages;
  }

  /** Throws the errors of `AcceptCall`. */
  async execute(
    request: CallRequest,
    { caller, trace, waitMs, whenGone, links, builtIn }: ExecuteOptions,
  ): Promise<Execution> {
    const decision = this.#accept.decide(caller, request, links, builtIn);
    const { call } = decision;
    const waiter = this.#waiters.open(call, waitMs);
    const client = { isGone: false };
    whenGone(() => {
      client.isGone = true;
      waiter.cancel();
    });
    try {
      const writing = this.#accept.write(decision, trace, waiter.isWaiting);
      // In one process with the executor, the outcome may come before the log has confirmed the call.
      const first = await Promise.race([waiter.settled, writing]);
      if (typeof first === 'object') {
        writing.catch(() => undefined);
        return this.#answered(call, first);
      }
      const lane = await writing;
      // The outcome of a repeated request may have been published before this request arrived.
      if (decision.repeated) void this.#lookUp(caller, call.call_id);
      const outcome = await waiter.settled;
      if (outcome !== undefined) return this.#answered(call, outcome);
      if (lane === 'awaited' && !client.isGone) await this.#accept.confirm(decision, trace);
      return { call };
    } finally {
      waiter.cancel();
    }
  }

  #answered(call: AcceptedCall, outcome: SettledOutcome): Execution {
    const { tool, arguments: given } = call;
    const next = this.#pages.after(tool, given, () => Buffer.from(outcome.json).toString('utf8'));
    return { call, outcome, next };
  }

  async #lookUp(caller: Principal, callId: string): Promise<void> {
    const view = await this.#history.find(caller, callId).catch(() => undefined);
    if (view?.outcome === undefined) return;
    const { text } = view.outcome;
    const read = readOutcome(text);
    const outcome = read === undefined ? undefined : settledOutcome(read, Buffer.from(text));
    if (read !== undefined && outcome !== undefined) this.#waiters.settle(read, outcome);
  }
}
