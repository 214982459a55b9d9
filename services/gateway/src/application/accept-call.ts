import { acceptCall, type RegisteredTool } from '@action-mesh/admission';
import type { AcceptedCall, CallRequest } from '@action-mesh/contracts/gateway';
import type { KillSwitches, Principal } from '@action-mesh/identity';
import { newId, type Clock, type TraceContext } from '@action-mesh/kernel';

import { MeshUnavailableError, RequestRefusedError, SwitchedOffError } from '../domain/gateway.errors.js';
import type { DoorQuotas } from './door-quotas.js';
import type { CallLane, EventLog } from './event-log.port.js';
import type { KnownTools } from './known-tools.js';
import type { LedgerAvailability } from './ledger-availability.port.js';
import type { RecentCalls } from './recent-calls.js';
import type { TenantBacklog } from './tenant-backlog.js';

/** The parts that decide on a call and write it. */
export interface AcceptCallParts {
  readonly tools: KnownTools;
  readonly log: EventLog;
  readonly recent: RecentCalls;
  readonly backlog: TenantBacklog;
  readonly ledger: LedgerAvailability;
  readonly switches: KillSwitches;
  readonly quotas: Pick<DoorQuotas, 'take'>;
  readonly clock: Clock;
}

/** A call's links to another call. A caller cannot claim them. */
export type CallLinks = Pick<AcceptedCall, 'compensates' | 'corrects'>;

/** A tool that is not published: the gateway and the executor know it. */
export interface BuiltInTool {
  readonly registered: RegisteredTool;
  /** The provider that kill switches name. */
  readonly provider: string;
}

/** The decision on a request, before it is written. */
export interface Decision {
  readonly caller: Principal;
  readonly call: AcceptedCall;
  /** The provider of a built-in tool. */
  readonly provider?: string | undefined;
  /** Whether this gateway accepted the same call, under the same id, in the last minutes. */
  readonly repeated: boolean;
}

/** Accepts a call: decides on it, and writes it to the log. An accepted call runs with or without a waiting caller. */
export class AcceptCall {
  readonly #parts: AcceptCallParts;

  constructor(parts: AcceptCallParts) {
    this.#parts = parts;
  }

  /**
   * Decides on a request. Throws `CallRefusedError` or `RequestRefusedError`. Throws `MeshUnavailableError` while the
   * tools are not known.
   */
  decide(caller: Principal, request: CallRequest, links: CallLinks = {}, builtIn?: BuiltInTool): Decision {
    const { clock, recent } = this.#parts;
    const registry = this.#parts.tools.registry();
    const tools = builtIn === undefined ? registry : { find: () => builtIn.registered };
    const call = { ...acceptCall(request, { caller, tools, nowMs: clock.now(), newId }), ...links };
    const known = request.call_id === undefined ? undefined : recent.get(caller.tenantId, request.call_id);
    // The hash of a call leaves out the user.
    if (known !== undefined && (known.hash !== call.hash || known.userId !== call.user_id)) {
      throw new RequestRefusedError(
        'call_id_conflict',
        'An earlier request used the call id for another call.',
        'Use a new call id for a new call. Repeat the call id only to repeat the same request.',
        { problems: [{ pointer: '/call_id', message: 'belongs to another call' }] },
      );
    }
    return { caller, call, provider: builtIn?.provider, repeated: known !== undefined };
  }

  /**
   * Resolves with the lane of the call when the log has the call. A call of the lane `awaited` may still be lost then:
   * acknowledge it only with its outcome, or after {@link confirm}. Throws `MeshUnavailableError` when the log did not confirm it or the
   * ledger refuses new calls. Throws `SwitchedOffError` under a kill switch. Throws `BacklogFullError` or `QuotaSpentError`
   * when the caller has to wait.
   */
  async write(decision: Decision, trace: TraceContext, isAwaited: boolean): Promise<CallLane> {
    const { call, repeated } = decision;
    const { log, recent, backlog } = this.#parts;
    // The outcome of a repeated call may have arrived already, so the backlog must not wait for another one.
    const admitted = repeated ? 'calls' : this.#admit(decision);
    const lane = isAwaited && admitted === 'calls' ? 'awaited' : admitted;
    try {
      await log.callAccepted(call, trace, lane);
    } catch (error) {
      backlog.withdraw(call.tenant_id, call.call_id);
      throw error;
    }
    recent.remember(call, trace.traceId);
    return lane;
  }

  /**
   * Writes a call of the lane `awaited` again, to the lane `calls`. Resolves when it is on the log's disk; the gateway may
   * then acknowledge it without an outcome. The executor treats the second record as a redelivery of the first. Throws
   * `MeshUnavailableError`.
   */
  async confirm({ call }: Decision, trace: TraceContext): Promise<void> {
    await this.#parts.log.callAccepted(call, trace, 'calls');
  }

  async execute(caller: Principal, request: CallRequest, trace: TraceContext): Promise<AcceptedCall> {
    const decision = this.decide(caller, request);
    await this.write(decision, trace, false);
    return decision.call;
  }

  /** Counts a new call, unless its time has not come. A full backlog costs no quota. */
  #admit({ caller, call, provider }: Decision): CallLane {
    const { backlog, ledger, quotas } = this.#parts;
    if (ledger.refusal !== undefined) {
      throw new MeshUnavailableError(
        'The ledger cannot record calls at the moment, so the gateway accepts none.',
        {
          fix: 'Nothing was accepted. Send the same request again later. The log of the executors has the reason.',
        },
      );
    }
    this.#refuseSwitchedOff(call, provider);
    const lane = backlog.admit(call.tenant_id, call.call_id);
    try {
      quotas.take(caller, 'calls');
    } catch (error) {
      backlog.withdraw(call.tenant_id, call.call_id);
      throw error;
    }
    return lane;
  }

  #refuseSwitchedOff(
    { tenant_id, key_id, user_id, agent, tool, mode }: AcceptedCall,
    builtIn: string | undefined,
  ): void {
    const { switches, tools } = this.#parts;
    // A dry run shows the switches that would hold the call.
    if (!switches.areOn || mode === 'dry_run') return;
    const covering = switches.covering({
      tenantId: tenant_id,
      keyId: key_id,
      userId: user_id,
      agentId: agent?.id,
      tool: tool.slug,
      provider: builtIn ?? tools.registry().findIfAny(tool.slug, tool.version)?.tool.provider.slug,
    });
    if (covering !== undefined) throw new SwitchedOffError(covering.id, covering.reason);
  }
}
