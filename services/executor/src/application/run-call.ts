import { setTimeout as sleep } from 'node:timers/promises';

import type { Permit } from '@action-mesh/governor/port';
import { defined } from '@action-mesh/kernel';

import { mayHaveActed, triedRequest, withTried } from '../domain/attempt-history.js';
import type { AttemptEvidence } from '../domain/attempt-evidence.js';
import {
  deadlineExceeded,
  judge,
  mayRepeat,
  unknownEffect,
  type Situation,
} from '../domain/attempt-verdict.js';
import type { Command } from '../domain/call.js';
import { deadlineInMs, judgeAttempt, situationOf } from './attempt-situation.js';
import { credentialRejected, isUnready, type CallCredential, type Unready } from './call-credentials.js';
import { CallSession, type MoveOptions } from './call-session.js';
import { intentOf } from './intent.js';
import type { OwnedCall } from './ledger.port.js';
import { awaitingFiles } from './load-request.js';
import { ObtainCredential } from './obtain-credential.js';
import { ProbeCall } from './probe-call.js';
import type { Attempted } from './provider.port.js';
import type { RunParts } from './run-parts.js';
import { SendRequest, type Granted } from './send-request.js';
import type { Judged } from './settle-call.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';
import { validityMsOf } from './validity.js';

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
 * - R5: a request that a provider refused for its credential (401) is sent once more with a newer one, without a delay. A
 *   401 says that nothing was done, so this holds for every effect class.
 */
export class RunCall {
  readonly #parts: RunParts;
  readonly #obtainCredential: ObtainCredential;
  readonly #probeCall: ProbeCall;
  readonly #sendRequest: SendRequest;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#obtainCredential = new ObtainCredential(parts);
    this.#probeCall = new ProbeCall(parts.askProvider, this.#obtainCredential);
    this.#sendRequest = new SendRequest(parts);
  }

  /** Runs a call from its recorded intent on. Never rejects. */
  async sent(
    owned: OwnedCall,
    prepared: PreparedTool,
    request: ProviderRequest,
    permit: Permit,
    credential?: CallCredential,
  ): Promise<void> {
    await this.#guarded(owned, prepared, (decided) =>
      this.#attempts({ ...decided, request }, { permit, credential }),
    );
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
      report.broken(owned.call.call_id, error, owned.trace);
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
      const judged =
        effect.class === 'probeable'
          ? await this.#probeCall.execute(session, prepared, effect, this.#situation(decided))
          : this.#lost(decided);
      if ('parking' in judged) {
        await this.#moved(session, [{ type: 'probe' }], judged.parking);
        return;
      }
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
      await this.#moved(session, [{ type: 'throttle' }], { park: awaitingFiles });
      return;
    }
    const running = { ...decided, request };
    const granted = await this.#next(running);
    if (granted !== undefined) await this.#attempts(running, granted);
  }

  async #attempts(running: Running, first: Granted): Promise<void> {
    let granted = await this.#stillGood(running, first);
    const { session, prepared } = running;
    let isRenewed = false;
    while (granted !== undefined) {
      const { credential, permit } = granted;
      session.circuit = permit.circuit;
      const attempted = await this.#sendRequest.execute(session, prepared, running.request, granted);
      const { instance } = session.known;
      if (!instance.isLive() && attempted.evidence.kind !== 'answered') {
        await this.#giveBack(session, attempted.evidence);
        return;
      }
      if (credential !== undefined && refusesCredential(attempted.evidence)) {
        if (!(await this.#renewed(running, credential, attempted, isRenewed))) return;
        isRenewed = true;
      } else if (!(await this.#settled(running, this.#judged(running, attempted)))) return;
      const next = await this.#next(running);
      granted = next === undefined ? undefined : await this.#stillGood(running, next);
    }
  }

  /**
   * The permit, or a new one when the commit of the intent outlasted it. Undefined when the call has to wait. No
   * request has left yet, so waiting is safe for every effect class and uses no attempt.
   */
  async #stillGood({ session, prepared }: Decided, granted: Granted): Promise<Granted | undefined> {
    const { throttle, clock } = this.#parts;
    const { permit, credential } = granted;
    if (permit.goodUntilMs === undefined || clock.monotonicMs() <= permit.goodUntilMs) return granted;
    permit.settle({ kind: 'not_sent', durationMs: 0 });
    const admission = await throttle.admit(session.known, prepared, credential?.leased.connection_id);
    if (admission.allowed) return { ...granted, permit: admission.permit };
    const parking = throttle.parking(admission, session.state.state);
    await this.#moved(session, [{ type: 'withdraw' }, { type: 'throttle' }], parking);
    return undefined;
  }

  /**
   * Withdraws an intent after its request certainly did not leave, while this instance still owns the call. The next
   * owner may then send the request.
   */
  async #giveBack(session: CallSession<OwnedCall>, evidence: AttemptEvidence): Promise<void> {
    if (evidence.kind === 'not_sent') await this.#moved(session, [{ type: 'withdraw' }]);
  }

  #judged(decided: Decided, attempted: Attempted): Judged {
    return judgeAttempt(decided.session, attempted, this.#situation(decided), this.#parts.clock.now());
  }

  #situation({ session, prepared }: Decided): Situation {
    const { clock, random = Math.random } = this.#parts;
    return situationOf(session, prepared, { nowMs: clock.now(), random: random() });
  }

  #lost(running: Decided): Judged {
    const message = 'the request was under way when its executor died';
    return { verdict: judge({ kind: 'unanswered', message }, this.#situation(running)), lostByUs: true };
  }

  /** Writes the judgement. True: another request is due at once, the call is still ours, and its delay is over. */
  async #settled({ session, prepared }: Decided, judged: Judged): Promise<boolean> {
    const settled = await this.#parts.settleCall.execute(session, prepared.tool, judged);
    if (settled.kind === 'fenced') this.#parts.report.fenced(session.known.call.call_id, session.known.trace);
    if (settled.kind !== 'again') return false;
    await sleep(settled.delayMs);
    return true;
  }

  /**
   * Gets a permit and commits the intent of the next request. Undefined when the call waits, has ended or is not ours.
   */
  async #next(running: Running): Promise<Granted | undefined> {
    const { session, prepared, request } = running;
    const { known } = session;
    if (deadlineInMs(known.call, this.#parts.clock.now()) <= 0) {
      const verdict = mayHaveActed(session.tried)
        ? ({ kind: 'review', failure: unknownEffect(deadlineExceeded.message) } as const)
        : ({ kind: 'fail', failure: deadlineExceeded } as const);
      await this.#settled({ session, prepared }, { verdict });
      return undefined;
    }
    let credential = this.#obtainCredential.held(session, prepared);
    if (credential === 'cold') {
      const obtained = await this.#obtainCredential.cold(session, prepared);
      if (isUnready(obtained)) {
        await this.#unready(running, obtained);
        return undefined;
      }
      credential = obtained;
    }
    const connectionId = credential?.leased.connection_id;
    const { permit } = await this.#parts.throttle.permitFor(known.call, prepared, session.state.state, {
      park: (parking) => this.#moved(session, [{ type: 'throttle' }], parking),
      commit: () => {
        const intent = intentOf(request, known.providerKey, connectionId);
        // A call may have been recorded before its tool was known.
        const validityMs = validityMsOf(known.call, prepared.tool);
        const commands = [{ type: 'claim' }, { type: 'dispatch' }] as const;
        return this.#moved(session, commands, { intent, validityMs });
      },
      isCommitted: (moved) => moved,
      trace: known.trace,
      connectionId,
    });
    return permit === undefined ? undefined : { permit, credential };
  }

  /** Writes that the call waits for its credential, or cannot have one. */
  async #unready(decided: Decided, unready: Unready): Promise<void> {
    const { session } = decided;
    if (unready.kind === 'parked') {
      await this.#moved(session, [{ type: unready.command }], unready.parking);
      return;
    }
    const { failure } = unready;
    const verdict = mayHaveActed(session.tried)
      ? ({ kind: 'review', failure: unknownEffect(failure.message) } as const)
      : ({ kind: 'fail', failure } as const);
    await this.#settled(decided, { verdict });
  }

  /** Gets a newer credential after a 401 (R5). True: the request is to be sent again. */
  async #renewed(
    running: Running,
    refused: CallCredential,
    { evidence, answer }: Attempted,
    isRenewed: boolean,
  ): Promise<boolean> {
    const { session, prepared } = running;
    const renewed: CallCredential | Unready = isRenewed
      ? { kind: 'failed', failure: credentialRejected }
      : await this.#obtainCredential.renewed(session, prepared, refused);
    if (isUnready(renewed) && renewed.kind === 'failed') {
      const verdict = { kind: 'fail', failure: renewed.failure } as const;
      return this.#settled(running, { verdict, evidence, ...defined({ answer }) });
    }
    const { retry } = prepared.tool;
    const entry = triedRequest(session.state.attempt, evidence, retry, this.#parts.clock.now());
    const tried = withTried(session.tried, entry);
    if (!isUnready(renewed)) return this.#moved(session, [{ type: 'retry' }], { tried });
    const { command, parking } = renewed;
    await this.#moved(session, [{ type: 'retry' }, { type: command }], { ...parking, tried });
    return false;
  }

  async #moved(
    session: CallSession<OwnedCall>,
    commands: readonly Command[],
    options?: MoveOptions,
  ): Promise<boolean> {
    const moved = await session.move(commands, options);
    if (!moved) this.#parts.report.fenced(session.known.call.call_id, session.known.trace);
    return moved;
  }
}

/** A 401 without a rule of the tool that says more. */
function refusesCredential(evidence: AttemptEvidence): boolean {
  return evidence.kind === 'answered' && evidence.status === 401 && evidence.means === undefined;
}

const keyForgotten = 'the provider may have forgotten the key that would make a repetition safe';
