import { setTimeout as sleep } from 'node:timers/promises';

import type { CallState } from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import type { Admission, Forecast, Governor, Permit, Subject } from '@action-mesh/governor/port';
import type { Clock, TraceContext } from '@action-mesh/kernel';

import { longestMemoryDelayMs } from '../domain/attempt-verdict.js';
import { holdOf, type CallSwitches } from './call-hold.js';
import type { Parking } from './parking.js';
import { credentialOf } from './share-key.js';
import type { ThrottleSpacing } from './throttle-spacing.js';
import type { PreparedTool } from './tools.port.js';

/** A further wait of at least this many milliseconds is reported to the caller. */
const worthTellingMs = 30_000;

/** The longest wait in milliseconds that happens in memory. */
const shortWaitMs = 250;

/** A call that asks for a permit, and the span that waits for it. */
export interface PermitSubject {
  readonly call: AcceptedCall;
  readonly trace: TraceContext;
}

export interface Denied {
  readonly allowed: false;
  readonly denial: Exclude<Admission, { allowed: true }>;
  /** Milliseconds until the call may ask again. */
  readonly delayMs: number;
}

/** A kill switch covers the call. */
export interface Held {
  readonly allowed: false;
  readonly hold: Parking;
}

export type ThrottleDecision = Extract<Admission, { allowed: true }> | Denied | Held;

/** The two ways on for a call that asked for a permit. Both write to the ledger. */
export interface PermitUse<T> {
  /** Records that the call waits. */
  readonly park: (parking: Parking) => Promise<T>;
  /** Commits the intent of the request. */
  readonly commit: () => Promise<T>;
  /** Whether the result of `commit` means that the intent stands. */
  readonly isCommitted: (result: T) => boolean;
  /** The connection that gives the credential of the request. @default none */
  readonly connectionId?: string | undefined;
  /** The span that waits. */
  readonly trace: TraceContext;
}

/** Sees waits for permits in memory. */
export interface PermitWatch {
  /** A request of the call waited for `ms` milliseconds until now. */
  waited(call: AcceptedCall, trace: TraceContext, ms: number, isAllowed: boolean): void;
}

const unwatched: PermitWatch = { waited: () => undefined };

/**
 * Asks kill switches and the governor for a permit for a call's next request, and decides how a denied call waits.
 *
 * - KS3: no request of a call gets a permit while a kill switch covers the call.
 */
export class Throttle {
  readonly #governor: Governor;
  readonly #switches: CallSwitches;
  readonly #spacing: ThrottleSpacing;
  readonly #clock: Clock;

  readonly #watch: PermitWatch;

  constructor(
    governor: Governor,
    switches: CallSwitches,
    spacing: ThrottleSpacing,
    clock: Clock,
    watch: PermitWatch = unwatched,
  ) {
    this.#watch = watch;
    this.#governor = governor;
    this.#switches = switches;
    this.#spacing = spacing;
    this.#clock = clock;
  }

  /** The wait of a call under a kill switch. Undefined when none covers it. */
  hold(call: AcceptedCall, { tool }: PreparedTool, before: CallState): Parking | undefined {
    return holdOf(this.#switches, call, tool.provider.slug, before, this.#clock.now());
  }

  /** Asks for admission and waits a moment if that is enough: parking a call costs more. */
  async admit(
    { call, trace }: PermitSubject,
    prepared: PreparedTool,
    connectionId?: string,
  ): Promise<ThrottleDecision> {
    let startedAtMs: number | undefined;
    const waited = (isAllowed: boolean): void => {
      if (startedAtMs !== undefined)
        this.#watch.waited(call, trace, this.#clock.monotonicMs() - startedAtMs, isAllowed);
    };
    let patienceMs = longestMemoryDelayMs;
    for (;;) {
      const hold = this.hold(call, prepared, 'THROTTLED');
      if (hold !== undefined) return { allowed: false, hold };
      const admission = await this.#ask(call, prepared, connectionId);
      if (admission.allowed) {
        waited(true);
        return admission;
      }
      const delayMs = this.#spacing.delayMs(admission, call.tenant_id);
      if (delayMs > Math.min(patienceMs, shortWaitMs)) {
        waited(false);
        return { allowed: false, denial: admission, delayMs };
      }
      patienceMs -= Math.max(1, delayMs);
      startedAtMs ??= this.#clock.monotonicMs();
      await sleep(delayMs);
    }
  }

  /**
   * Takes a permit for a call's next request and commits the intent under it, or parks the call. The result has the
   * permit only when the intent stands. A permit without an intent is settled as not sent.
   */
  async permitFor<T>(
    call: AcceptedCall,
    prepared: PreparedTool,
    before: CallState,
    { park, commit, isCommitted, connectionId, trace }: PermitUse<T>,
  ): Promise<{ readonly result: T; readonly permit?: Permit }> {
    const admission = await this.admit({ call, trace }, prepared, connectionId);
    if (!admission.allowed) return { result: await park(this.parking(admission, before)) };
    const { permit } = admission;
    let hasIntent = false;
    try {
      const result = await commit();
      hasIntent = isCommitted(result);
      return hasIntent ? { result, permit } : { result };
    } finally {
      if (!hasIntent) permit.settle({ kind: 'not_sent', durationMs: 0 });
    }
  }

  /** The limits that apply to the next request of a call. Takes nothing. */
  forecast(call: AcceptedCall, prepared: PreparedTool, connectionId?: string): Promise<Forecast> {
    return this.#governor.forecast(subjectOf(call, prepared, connectionId));
  }

  #ask(call: AcceptedCall, prepared: PreparedTool, connectionId: string | undefined): Promise<Admission> {
    return this.#governor.admit(subjectOf(call, prepared, connectionId));
  }

  /**
   * The wait of a denied call, and the outcome for its caller. A call that waits again after a short wait is not
   * reported again.
   */
  parking(denied: Denied | Held, before: CallState): Parking {
    if ('hold' in denied) return denied.hold;
    const { denial, delayMs } = denied;
    const { reason, scope, circuit } = denial;
    if (before === 'THROTTLED' && delayMs < worthTellingMs) return { park: { delayMs, reason, scope } };
    const until = new Date(this.#clock.now() + delayMs).toISOString();
    return {
      park: { delayMs, reason, scope },
      ending: { status: 'waiting', circuit, waiting: { reason, until, scope } },
    };
  }
  /** The wait of a call when its tenant has too many waiting here already: for its turn, without a time. */
  overflow(call: AcceptedCall): Parking {
    const reason = 'tenant_backlog';
    const scope = `tenant:${call.tenant_id}`;
    const until = new Date(this.#clock.now()).toISOString();
    return {
      park: { delayMs: 0, reason, scope },
      ending: { status: 'waiting', waiting: { reason, until, scope } },
    };
  }
}

/** The request of a call, for the governor. */
function subjectOf(
  call: AcceptedCall,
  { tool, endpoint, hasStaticCredential }: PreparedTool,
  connectionId: string | undefined,
): Subject {
  const provider = tool.provider.slug;
  return {
    tenantId: call.tenant_id,
    userId: call.user_id,
    credential: credentialOf(
      call,
      provider,
      hasStaticCredential === true && connectionId === undefined,
      connectionId,
    ),
    provider,
    tool: tool.slug,
    endpoint,
  };
}
