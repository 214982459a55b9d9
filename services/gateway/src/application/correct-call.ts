import type { CallRequest } from '@action-mesh/contracts/gateway';
import { defined } from '@action-mesh/kernel';

import { verdictNeeded } from '../domain/intervention-refusals.js';
import type { ExecutorAdmin } from './executor-admin.port.js';
import type { CallHistory } from './call-history.port.js';
import type { ExecuteCall, ExecuteOptions, Execution } from './execute-call.js';

/** The new arguments. */
export interface Correction {
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Runs a dead call with other arguments. A new call names the old one, and the old one is given up. */
export class CorrectCall {
  readonly #admin: Pick<ExecutorAdmin, 'deadCall' | 'resolve'>;
  readonly #history: CallHistory;
  readonly #executeCall: ExecuteCall;

  constructor(
    admin: Pick<ExecutorAdmin, 'deadCall' | 'resolve'>,
    history: CallHistory,
    executeCall: ExecuteCall,
  ) {
    this.#admin = admin;
    this.#history = history;
    this.#executeCall = executeCall;
  }

  /**
   * Returns `undefined` when no dead call has this id. Throws `RequestRefusedError` and the errors of `ExecuteCall`.
   */
  async execute(
    callId: string,
    correction: Correction,
    options: ExecuteOptions,
  ): Promise<Execution | undefined> {
    const { caller } = options;
    const [dead, view] = await Promise.all([
      this.#admin.deadCall(caller, callId),
      this.#history.find(caller, callId),
    ]);
    if (dead === undefined || view === undefined) return undefined;
    if (dead.status === 'needs_review') throw verdictNeeded();
    const key = `corrects:${dead.call_id}`;
    const request: CallRequest = {
      user_id: view.user_id,
      ...defined({ agent: view.agent, saga_id: view.saga_id }),
      tool: { slug: view.tool.slug, version: view.tool.version },
      arguments: { ...correction.arguments },
      occurrence: key,
      idempotency_key: key,
    };
    const execution = await this.#executeCall.execute(request, {
      ...options,
      links: { corrects: dead.call_id },
    });
    await this.#admin.resolve(caller, dead.call_id, {
      verdict: 'give_up',
      note: `corrected by ${execution.call.call_id}`,
    });
    return execution;
  }
}
