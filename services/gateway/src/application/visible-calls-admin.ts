import {
  mostReportedIds,
  type CallView,
  type CancelRequest,
  type DeadCallView,
  type DeadPage,
  type DeadQuery,
  type RedriveReport,
  type RedriveRequest,
  type RescheduleRequest,
  type VerdictRequest,
  type WaitingPage,
  type WaitingQuery,
} from '@action-mesh/contracts/executor';
import { isLimited, type Principal } from '@action-mesh/identity';
import { newId } from '@action-mesh/kernel';

import { RequestRefusedError } from '../domain/gateway.errors.js';
import type { CallHistory } from './call-history.port.js';
import type { CallVisibility } from './call-visibility.js';
import type { ExecutorAdmin, Intervention } from './executor-admin.port.js';
import { visible } from './visible-history.js';

/** The administration of calls within the limits of the caller's key (CV1). */
export class VisibleCallsAdmin implements ExecutorAdmin {
  readonly #admin: ExecutorAdmin;
  readonly #history: CallHistory;
  readonly #visibility: CallVisibility;

  /** `history` has the same limits. */
  constructor(admin: ExecutorAdmin, history: CallHistory, visibility: CallVisibility) {
    this.#admin = admin;
    this.#history = history;
    this.#visibility = visibility;
  }

  cancel(caller: Principal, callId: string, request: CancelRequest): Promise<Intervention> {
    return this.#intervene(caller, callId, () => this.#admin.cancel(caller, callId, request));
  }

  resolve(caller: Principal, callId: string, verdict: VerdictRequest): Promise<Intervention> {
    return this.#intervene(caller, callId, () => this.#admin.resolve(caller, callId, verdict));
  }

  reschedule(caller: Principal, callId: string, request: RescheduleRequest): Promise<Intervention> {
    return this.#intervene(caller, callId, () => this.#admin.reschedule(caller, callId, request));
  }

  async waiting(caller: Principal, query: WaitingQuery): Promise<WaitingPage> {
    const page = await this.#admin.waiting(caller, this.#visibility.narrow(caller, query));
    return { ...page, calls: visible(page.calls, caller, this.#visibility) };
  }

  async dead(caller: Principal, query: DeadQuery): Promise<DeadPage> {
    const page = await this.#admin.dead(caller, this.#visibility.narrow(caller, query));
    return { ...page, calls: visible(page.calls, caller, this.#visibility) };
  }

  async deadCall(caller: Principal, callId: string): Promise<DeadCallView | undefined> {
    const found = await this.#admin.deadCall(caller, callId);
    return found === undefined ? undefined : visible([found], caller, this.#visibility)[0];
  }

  /**
   * A key that is limited to tools redrives by ids, or by a filter that names one of its tools. Throws
   * `RequestRefusedError` for a filter without a tool, since the executor knows no limits of keys.
   */
  async redrive(caller: Principal, request: RedriveRequest): Promise<RedriveReport> {
    if (!isLimited(caller)) return this.#admin.redrive(caller, request);
    const { call_ids: callIds, filter } = request;
    if (callIds !== undefined) return this.#redriveKnown(caller, request, callIds);
    const narrowed = this.#visibility.narrow(caller, filter ?? {});
    if (!this.#visibility.includesTool(caller, narrowed.tool)) throw toolMissing();
    return this.#admin.redrive(caller, { ...request, filter: narrowed });
  }

  /** Redrives the visible calls. The report counts the others like unknown ones. */
  async #redriveKnown(
    caller: Principal,
    request: RedriveRequest,
    callIds: readonly string[],
  ): Promise<RedriveReport> {
    const [seen, hidden]: [string[], string[]] = [[], []];
    for (const callId of callIds) {
      const found = await this.deadCall(caller, callId);
      (found === undefined ? hidden : seen).push(callId);
    }
    const report =
      seen.length === 0
        ? nothingRedriven(request)
        : await this.#admin.redrive(caller, { ...request, call_ids: seen });
    return {
      ...report,
      not_dead: {
        count: report.not_dead.count + hidden.length,
        call_ids: [...report.not_dead.call_ids, ...hidden].slice(0, mostReportedIds),
      },
    };
  }

  async saga(caller: Principal, sagaId: string): Promise<readonly CallView[]> {
    const calls = await this.#admin.saga(caller, sagaId);
    return calls.filter(({ user_id: userId, tool }) =>
      this.#visibility.includes(caller, { userId, tool: tool.slug, version: tool.version }),
    );
  }

  breakers(caller: Principal): Promise<Readonly<Record<string, unknown>>> {
    return this.#admin.breakers(caller);
  }

  async #intervene(
    caller: Principal,
    callId: string,
    work: () => Promise<Intervention>,
  ): Promise<Intervention> {
    if (isLimited(caller) && (await this.#history.find(caller, callId)) === undefined)
      return { kind: 'unknown' };
    return work();
  }
}

function nothingRedriven({
  redrive_id: redriveId = newId(),
  dry_run: dryRun,
}: RedriveRequest): RedriveReport {
  const none = { count: 0, call_ids: [] };
  return {
    redrive_id: redriveId,
    dry_run: dryRun,
    matched: 0,
    redriven: none,
    needs_verdict: none,
    already_redriven: none,
    not_dead: none,
    more: false,
  };
}

function toolMissing(): RequestRefusedError {
  return new RequestRefusedError(
    'key_limited',
    'The key is limited to some tools, and the filter names none of them.',
    'Name one tool of the key as filter.tool, or give call_ids.',
    { problems: [{ pointer: '/filter/tool', message: 'must be a tool of the key' }] },
  );
}
