import { setTimeout as sleep } from 'node:timers/promises';

import { responseSize } from '@action-mesh/contracts/catalog';
import type { Permit } from '@action-mesh/governor/port';
import { childSpan, defined, formatTraceparent, type Clock } from '@action-mesh/kernel';

import { isDone, readEvidence } from '../domain/answer-rule.js';
import { governedStatus } from '../domain/answer-status.js';
import { mayHaveActed, triedRequest, withTried } from '../domain/attempt-history.js';
import { judgeProbe } from '../domain/probe-verdict.js';
import type { AttemptEvidence } from '../domain/attempt-evidence.js';
import { deadlineExceeded, judge, mayRepeat, unknownEffect } from '../domain/attempt-verdict.js';
import { wholeAnswer, type AskProvider } from './ask-provider.js';
import { CallSession } from './call-session.js';
import { intentOf } from './intent.js';
import type { Ledger, OwnedCall } from './ledger.port.js';
import { awaitingFiles } from './load-request.js';
import type { Attempted, Provider } from './provider.port.js';
import type { Judged, SettleCall } from './settle-call.js';
import type { Throttle } from './throttle.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';
import { validityMsOf } from './validity.js';

/** Reports events that no caller waits for. */
export interface RunReport {
  /** The ledger refused a write: another instance owns the call. */
  fenced(callId: string): void;
  /** A run broke off. The next owner settles the call. */
  broken(callId: string, error: unknown): void;
}

export interface RunParts {
  readonly ledger: Ledger;
  readonly provider: Provider;
  readonly askProvider: AskProvider;
  readonly throttle: Throttle;
  readonly settleCall: SettleCall;
  readonly clock: Clock;
  readonly report: RunReport;
  /** A number in [0, 1) that spreads retries. @default Math.random */
  readonly random?: () => number;
}

/** A call that this instance decides about. */
interface Decided {
  readonly session: CallSession<OwnedCall>;
  readonly prepared: PreparedTool;
}

/** A running call, with everything that its requests need. */
interface Running extends Decided {
  readonly request: ProviderRequest;
}

/**
 * Runs a call that this instance owns as far as possible: send, judge, repeat while that is safe, settle or park.
 *
 * - R1: a request leaves only for a call with a committed intent for exactly this attempt (I3).
 * - R2: a request leaves only while the instance's lease is live, checked at the last moment (I5).
 * - R3: a write that the ledger refuses ends the run without a trace outside (I5).
 * - R4: every request has a permit that is still good when it leaves, and reports its result to that permit once.
 */
export class RunCall {
  readonly #parts: RunParts;
  readonly #random: () => number;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#random = parts.random ?? Math.random;
  }

  /** Runs a call from its recorded intent on. Never rejects. */
  async sent(
    owned: OwnedCall,
    prepared: PreparedTool,
    request: ProviderRequest,
    permit: Permit,
  ): Promise<void> {
    await this.#guarded(owned, prepared, (decided) => this.#attempts({ ...decided, request }, permit));
  }

  /**
   * Continues a call that was taken over from a dead instance, or that has waited long enough. Without `request`, a
   * call that would be sent waits until its files are loaded. Never rejects.
   */
  async resumed(
    owned: OwnedCall,
    prepared: PreparedTool,
    request: ProviderRequest | undefined,
  ): Promise<void> {
    await this.#guarded(owned, prepared, (decided) => this.#resume(decided, request));
  }

  async #guarded(
    owned: OwnedCall,
    prepared: PreparedTool,
    work: (decided: Decided) => Promise<void>,
  ): Promise<void> {
    const { ledger, report } = this.#parts;
    try {
      await work({ session: new CallSession(owned, ledger), prepared });
      ledger.release(owned);
    } catch (error) {
      // The claim stays: the instance that takes over finds the call by it.
      report.broken(owned.call.call_id, error);
    }
  }

  async #resume(decided: Decided, request: ProviderRequest | undefined): Promise<void> {
    const { session, prepared } = decided;
    const { effect } = prepared.tool;
    if (session.state.state === 'DISPATCHING') {
      const evidence: AttemptEvidence = {
        kind: 'unanswered',
        message: 'the executor died while the request was under way',
      };
      const judged = this.#judged(decided, { evidence });
      if (!(await this.#settled(decided, { ...judged, lostByUs: true }))) return;
    } else if (session.state.state === 'INDETERMINATE') {
      // A probe is a request too.
      const hold =
        effect.class === 'probeable'
          ? this.#parts.throttle.hold(session.known.call, prepared, session.state.state)
          : undefined;
      if (hold !== undefined) {
        await this.#moved(session, session.move([{ type: 'probe' }], hold));
        return;
      }
      const judged = effect.class === 'probeable' ? await this.#probed(decided, effect) : this.#lost(decided);
      if (!(await this.#settled(decided, judged))) return;
    } else if (
      mayHaveActed(session.tried) &&
      effect.class === 'keyed' &&
      !mayRepeat(this.#situation(decided))
    ) {
      // A call may wait for a repetition only while the provider remembers the key.
      await this.#settled(decided, { verdict: { kind: 'review', failure: unknownEffect(keyForgotten) } });
      return;
    }
    if (request === undefined) {
      await this.#moved(session, session.move([{ type: 'throttle' }], { park: awaitingFiles }));
      return;
    }
    const running = { ...decided, request };
    const permit = await this.#next(running);
    if (permit !== undefined) await this.#attempts(running, permit);
  }

  async #attempts(running: Running, firstPermit: Permit): Promise<void> {
    let permit = await this.#stillGood(running, firstPermit);
    while (permit !== undefined) {
      running.session.circuit = permit.circuit;
      const attempted = await this.#send(running, permit);
      const { instance } = running.session.known;
      if (!instance.isLive() && attempted.evidence.kind !== 'answered') {
        await this.#giveBack(running, attempted.evidence);
        return;
      }
      if (!(await this.#settled(running, this.#judged(running, attempted)))) return;
      const next = await this.#next(running);
      permit = next === undefined ? undefined : await this.#stillGood(running, next);
    }
  }

  /**
   * The permit, or a new one when the commit of the intent outlasted it. Undefined when the call has to wait. No
   * request has left yet, so waiting is safe for every effect class and uses no attempt.
   */
  async #stillGood({ session, prepared }: Decided, permit: Permit): Promise<Permit | undefined> {
    const { throttle, clock } = this.#parts;
    if (permit.goodUntilMs === undefined || clock.monotonicMs() <= permit.goodUntilMs) return permit;
    permit.settle({ kind: 'not_sent', durationMs: 0 });
    const admission = await throttle.admit(session.known.call, prepared);
    if (admission.allowed) return admission.permit;
    const parking = throttle.parking(admission, session.state.state);
    await this.#moved(session, session.move([{ type: 'withdraw' }, { type: 'throttle' }], parking));
    return undefined;
  }

  async #send({ session, prepared: { tool }, request }: Running, permit: Permit): Promise<Attempted> {
    const { known } = session;
    const trace = childSpan(known.trace);
    const headers: Record<string, string> = { ...request.headers, traceparent: formatTraceparent(trace) };
    if (trace.state !== undefined) headers['tracestate'] = trace.state;
    const startedAtMs = this.#parts.clock.monotonicMs();
    const attempted = await this.#parts.provider.send(
      { ...request, headers },
      {
        provider: tool.provider.slug,
        maxResponseBytes: tool.max_response_bytes ?? responseSize.defaultBytes,
        deadlineMs: Math.min(tool.timeout_ms, this.#deadlineInMs(known)),
        signal: known.instance.signal,
        mayStart: () => known.instance.isLive(),
      },
    );
    const { limits } = attempted;
    const evidence = readEvidence(attempted.evidence, tool.http, attempted.answer, {
      mayHaveActed: mayHaveActed(session.tried),
    });
    permit.settle({
      kind: evidence.kind,
      durationMs: this.#parts.clock.monotonicMs() - startedAtMs,
      ...(evidence.kind === 'answered' ? { status: governedStatus(evidence) } : {}),
      ...(evidence.kind === 'answered' && evidence.retryAfterMs !== undefined
        ? { retryAfterMs: evidence.retryAfterMs }
        : {}),
      ...defined({ headers: limits }),
    });
    return { ...attempted, evidence };
  }

  /**
   * Withdraws an intent after its request certainly did not leave, while this instance still owns the call. The next
   * owner may then send the request.
   */
  async #giveBack({ session }: Running, evidence: AttemptEvidence): Promise<void> {
    if (evidence.kind === 'not_sent') await this.#moved(session, session.move([{ type: 'withdraw' }]));
  }

  /** Judges an attempt. An attempt that does not end the call gets an entry in the history. */
  #judged(running: Decided, { evidence, answer }: Attempted): Judged {
    const { session, prepared } = running;
    const { retry } = prepared.tool;
    const situation = this.#situation(running);
    const verdict = judge(evidence, situation);
    // The refusal of a repetition is no result of the call.
    const isAnswered = answer !== undefined && !isDone(evidence, situation);
    const judged: Judged = isAnswered ? { verdict, evidence, answer } : { verdict, evidence };
    if (verdict.kind === 'succeed' || verdict.kind === 'fail') return judged;
    const entry = triedRequest(session.state.attempt, evidence, retry, this.#parts.clock.now());
    return { ...judged, tried: withTried(session.tried, entry) };
  }

  #lost(running: Decided): Judged {
    const message = 'the request was under way when its executor died';
    return { verdict: judge({ kind: 'unanswered', message }, this.#situation(running)), lostByUs: true };
  }

  async #probed(running: Decided, effect: Parameters<AskProvider['execute']>[1]): Promise<Judged> {
    const { session } = running;
    const asked = await this.#parts.askProvider.execute(session.known, effect, session.state.attempt);
    const verdict = judgeProbe(asked.answer, session.tried, effect.settle_ms, this.#situation(running));
    const tried = withTried(session.tried, asked.tried);
    if (verdict.kind !== 'succeed') return { verdict, tried };
    return {
      verdict,
      ...(asked.found === undefined ? {} : { answer: wholeAnswer(asked.found) }),
    };
  }

  /** Writes the judgement. True: another request is due at once, the call is still ours, and its delay is over. */
  async #settled({ session, prepared }: Decided, judged: Judged): Promise<boolean> {
    const settled = await this.#parts.settleCall.execute(session, prepared.tool, judged);
    if (settled.kind === 'fenced') this.#parts.report.fenced(session.known.call.call_id);
    if (settled.kind !== 'again') return false;
    await sleep(settled.delayMs);
    return true;
  }

  /**
   * Gets a permit and commits the intent of the next request. Undefined when the call waits, has ended or is not ours.
   */
  async #next({ session, prepared, request }: Running): Promise<Permit | undefined> {
    const { known } = session;
    if (this.#deadlineInMs(known) <= 0) {
      const verdict = mayHaveActed(session.tried)
        ? ({ kind: 'review', failure: unknownEffect(deadlineExceeded.message) } as const)
        : ({ kind: 'fail', failure: deadlineExceeded } as const);
      await this.#settled({ session, prepared }, { verdict });
      return undefined;
    }
    const { permit } = await this.#parts.throttle.permitFor(known.call, prepared, session.state.state, {
      park: (parking) => this.#moved(session, session.move([{ type: 'throttle' }], parking)),
      commit: () => {
        const intent = intentOf(request, known.providerKey);
        // A call may have been recorded before its tool was known.
        const validityMs = validityMsOf(known.call, prepared.tool);
        const commands = [{ type: 'claim' }, { type: 'dispatch' }] as const;
        return this.#moved(session, session.move(commands, { intent, validityMs }));
      },
      isCommitted: (moved) => moved,
    });
    return permit;
  }

  async #moved(session: CallSession<OwnedCall>, move: Promise<boolean>): Promise<boolean> {
    const moved = await move;
    if (!moved) this.#parts.report.fenced(session.known.call.call_id);
    return moved;
  }

  #situation({ session: { known, state, tried }, prepared: { tool } }: Decided): Parameters<typeof judge>[1] {
    const nowMs = this.#parts.clock.now();
    const sinceBeginMs = nowMs - (known.renewedAtMs ?? known.receivedAtMs);
    return {
      effect: tool.effect,
      retry: tool.retry,
      attempt: state.attempt - state.attemptsBefore,
      mayHaveActed: mayHaveActed(tried),
      firstDispatchAgeMs: known.firstDispatchAgeMs + (nowMs - known.receivedAtMs),
      remainingMs: Math.min(this.#deadlineInMs(known), (tool.retry.deadline_ms ?? Infinity) - sinceBeginMs),
      random: this.#random(),
    };
  }

  #deadlineInMs({ call }: OwnedCall): number {
    return call.deadline === undefined ? Infinity : Date.parse(call.deadline) - this.#parts.clock.now();
  }
}

const keyForgotten = 'the provider may have forgotten the key that would make a repetition safe';
