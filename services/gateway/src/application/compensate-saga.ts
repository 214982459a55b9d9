import type { CallView } from '@action-mesh/contracts/executor';

import { RequestRefusedError } from '../domain/gateway.errors.js';
import type { ExecutorAdmin } from './executor-admin.port.js';
import type { CompensateCall } from './compensate-call.js';
import type { ExecuteOptions } from './execute-call.js';

export interface CompensatedStep {
  readonly call_id: string;
  readonly tool: string;
  /**
   * `undone` and `undone_before` are complete. `not_compensable`: skipped. `stopped`: the compensation has not
   * succeeded (yet), and the earlier calls of the saga stay unchanged.
   */
  readonly status: 'undone' | 'undone_before' | 'not_compensable' | 'stopped';
  /** The compensating call. */
  readonly compensation?: { readonly call_id: string; readonly status: string };
  readonly reason?: string;
}

export interface CompensatedSaga {
  readonly saga_id: string;
  /** The calls that succeeded, the last first. */
  readonly calls: readonly CompensatedStep[];
  /** Every call is undone or skipped. */
  readonly done: boolean;
}

/**
 * Undoes the calls of a saga in the reverse order of their success. Each waits until the one before it is undone. A
 * repeated request continues after the last compensation, since each compensation is one call.
 */
export class CompensateSaga {
  readonly #admin: Pick<ExecutorAdmin, 'saga'>;
  readonly #compensateCall: CompensateCall;

  constructor(admin: Pick<ExecutorAdmin, 'saga'>, compensateCall: CompensateCall) {
    this.#admin = admin;
    this.#compensateCall = compensateCall;
  }

  /** Compensates the saga. `waitMs` is the limit for all calls together. */
  async execute(sagaId: string, options: ExecuteOptions): Promise<CompensatedSaga> {
    const calls: CompensatedStep[] = [];
    const endsAtMs = performance.now() + options.waitMs;
    for (const view of await this.#admin.saga(options.caller, sagaId)) {
      if (view.compensates !== undefined) continue;
      const waitMs = Math.max(0, endsAtMs - performance.now());
      const step = await this.#undo(view, { ...options, waitMs });
      calls.push(step);
      if (step.status === 'stopped') return { saga_id: sagaId, calls, done: false };
    }
    return { saga_id: sagaId, calls, done: true };
  }

  async #undo(view: CallView, options: ExecuteOptions): Promise<CompensatedStep> {
    const about = { call_id: view.call_id, tool: view.tool.slug };
    const before = view.compensating_actions?.find(({ status }) => status === 'succeeded');
    if (before !== undefined) {
      return {
        ...about,
        status: 'undone_before',
        compensation: { call_id: before.call_id, status: 'succeeded' },
      };
    }
    try {
      const { call, outcome } = await this.#compensateCall.undo(view, options);
      const status = outcome?.status ?? 'accepted';
      return {
        ...about,
        status: status === 'succeeded' ? 'undone' : 'stopped',
        compensation: { call_id: call.call_id, status },
      };
    } catch (error) {
      if (!(error instanceof RequestRefusedError) || error.refusal !== 'not_compensable') throw error;
      return { ...about, status: 'not_compensable', reason: error.message };
    }
  }
}
