import type { CallView, DeadCallView, RedriveReport, RedriveRequest } from '@action-mesh/contracts/executor';

import type { ExecutorAdmin, Intervention } from './executor-admin.port.js';

/** A ledger in memory for administrators. It records every change that it is asked for. */
export class FakeExecutorAdmin implements ExecutorAdmin {
  readonly deadCalls: DeadCallView[] = [];
  readonly sagaCalls: CallView[] = [];
  readonly changes: (readonly [what: string, callId: string])[] = [];
  readonly redrives: RedriveRequest[] = [];
  /** The user of each list that was asked for. */
  readonly listedUsers: (string | undefined)[] = [];

  cancel(_caller: unknown, callId: string): Promise<Intervention> {
    return this.#change('cancel', callId);
  }

  resolve(_caller: unknown, callId: string): Promise<Intervention> {
    return this.#change('resolve', callId);
  }

  reschedule(_caller: unknown, callId: string): Promise<Intervention> {
    return this.#change('reschedule', callId);
  }

  waiting(_caller: unknown, query: { readonly user_id?: string | undefined }): Promise<{ calls: [] }> {
    this.listedUsers.push(query.user_id);
    return Promise.resolve({ calls: [] });
  }

  dead(
    _caller: unknown,
    query: { readonly user_id?: string | undefined },
  ): Promise<{ calls: DeadCallView[] }> {
    this.listedUsers.push(query.user_id);
    return Promise.resolve({ calls: this.deadCalls });
  }

  deadCall(_caller: unknown, callId: string): Promise<DeadCallView | undefined> {
    return Promise.resolve(this.deadCalls.find(({ call_id }) => call_id === callId));
  }

  redrive(_caller: unknown, request: RedriveRequest): Promise<RedriveReport> {
    this.redrives.push(request);
    const none = { count: 0, call_ids: [] };
    return Promise.resolve({
      redrive_id: 'r1',
      dry_run: false,
      matched: 0,
      redriven: none,
      needs_verdict: none,
      already_redriven: none,
      not_dead: none,
      more: false,
    });
  }

  saga(): Promise<readonly CallView[]> {
    return Promise.resolve(this.sagaCalls);
  }

  breakers(): Promise<Readonly<Record<string, unknown>>> {
    return Promise.resolve({});
  }

  #change(what: string, callId: string): Promise<Intervention> {
    this.changes.push([what, callId]);
    return Promise.resolve({ kind: 'unknown' });
  }
}
