import { setTimeout as sleep } from 'node:timers/promises';

import { childSpan, formatTraceparent, type Clock } from '@action-mesh/kernel';

import { transitions, type Call, type Command } from '../domain/call.js';
import { ImpossibleTransitionError } from '../domain/executor.errors.js';
import { describeEnding, type Ending } from '../domain/outcome.js';
import { judge, type Evidence, type Failure, type Verdict } from '../domain/verdict.js';
import { intentOf } from './intent.js';
import type { Ledger, OwnedCall } from './ledger.port.js';
import type { Answer, Attempted, Provider } from './provider.port.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';

/** Told of what no caller is there to be told of. */
export interface RunReport {
  /** The ledger refused a write: somebody else owns the call. */
  fenced(callId: string): void;
  /** A run broke off; the call is settled by whoever takes it over. */
  broken(callId: string, error: unknown): void;
}

/**
 * Brings a call that this incarnation owns to its end: request, judge, repeat while that is safe, settle.
 *
 * - R1: a request leaves only for a call whose intent for exactly this attempt is committed (I3).
 * - R2: a request leaves only while the incarnation's lease is live, asked at the last moment (I5).
 * - R3: a write that the ledger refuses ends the run without a trace outside (I5).
 */
export class RunCall {
  constructor(
    private readonly ledger: Ledger,
    private readonly provider: Provider,
    private readonly clock: Clock,
    private readonly report: RunReport,
    private readonly random: () => number = Math.random,
  ) {}

  /** Runs a call from its recorded intent on. Never rejects. */
  async sent(owned: OwnedCall, prepared: PreparedTool, request: ProviderRequest): Promise<void> {
    await this.#run(owned, () => this.#attempts(owned, owned.state, prepared, request));
  }

  /** Settles or goes on with a call that was taken over from a dead instance. Never rejects. */
  async takenOver(owned: OwnedCall, prepared: PreparedTool, request: ProviderRequest): Promise<void> {
    await this.#run(owned, async () => {
      let state = owned.state;
      const evidence: Evidence = {
        kind: 'unanswered',
        message: 'the executor died while the request was under way',
      };
      const verdict = this.#judge(owned, state, prepared, evidence);
      // What waits for a repetition may wait no longer than the provider remembers the key.
      const keyIsStale =
        state.state === 'RETRY_WAIT' && prepared.tool.effect.class === 'keyed' && verdict.kind === 'review';
      if (state.state === 'DISPATCHING' || state.state === 'INDETERMINATE' || keyIsStale) {
        const next = await this.#settle(owned, state, verdict, evidence);
        if (next === undefined) return;
        state = next;
      }
      const dispatched = await this.#dispatch(owned, state, request);
      if (dispatched !== undefined) await this.#attempts(owned, dispatched, prepared, request);
    });
  }

  async #run(owned: OwnedCall, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.ledger.release(owned);
    } catch (error) {
      // Its claim stays, so that whoever takes over from this incarnation finds the call.
      this.report.broken(owned.call.call_id, error);
    }
  }

  async #attempts(
    owned: OwnedCall,
    dispatching: Call,
    prepared: PreparedTool,
    request: ProviderRequest,
  ): Promise<void> {
    let state = dispatching;
    for (;;) {
      const { evidence, answer } = await this.#send(owned, prepared, request);
      if (!owned.incarnation.isLive() && evidence.kind !== 'answered') {
        await this.#giveBack(owned, state, evidence);
        return;
      }
      const verdict = this.#judge(owned, state, prepared, evidence);
      const waiting = await this.#settle(owned, state, verdict, evidence, answer);
      if (waiting === undefined) return;
      const dispatched = await this.#dispatch(owned, waiting, request);
      if (dispatched === undefined) return;
      state = dispatched;
    }
  }

  #send(owned: OwnedCall, { tool }: PreparedTool, request: ProviderRequest): Promise<Attempted> {
    const trace = childSpan(owned.trace);
    const headers: Record<string, string> = { ...request.headers, traceparent: formatTraceparent(trace) };
    if (trace.state !== undefined) headers['tracestate'] = trace.state;
    if (tool.effect.class === 'keyed') headers[tool.effect.header.toLowerCase()] = owned.providerKey;
    const { incarnation } = owned;
    return this.provider.send(
      { ...request, headers },
      {
        deadlineMs: Math.min(tool.timeout_ms, this.#remainingMs(owned)),
        signal: incarnation.signal,
        mayStart: () => incarnation.isLive(),
      },
    );
  }

  /** A request that certainly did not leave is said so while that is still ours to say; the next owner may then send it. */
  async #giveBack(owned: OwnedCall, state: Call, evidence: Evidence): Promise<void> {
    if (evidence.kind === 'not_sent') await this.#move(owned, state, [{ type: 'retry' }], false);
  }

  /** Writes the verdict. Returns the waiting call, its delay over, when there is to be another request. */
  async #settle(
    owned: OwnedCall,
    state: Call,
    verdict: Verdict,
    evidence: Evidence,
    answer?: Answer,
  ): Promise<Call | undefined> {
    const { attempt } = state;
    const definite = evidence.kind === 'answered';
    const lost: Command[] = state.state === 'DISPATCHING' ? [{ type: 'loseTrack' }] : [];
    switch (verdict.kind) {
      case 'succeed':
        await this.#move(owned, state, [{ type: 'succeed', attempt }], definite, {
          status: 'succeeded',
          ...(answer?.result === undefined ? {} : { result: answer.result }),
          ...upstreamOf(evidence, answer),
        });
        return undefined;
      case 'fail':
        await this.#move(owned, state, [{ type: 'fail', attempt }], definite, {
          status: 'failed',
          failure: verdict.failure,
          ...(answer?.result === undefined ? {} : { result: answer.result }),
          ...upstreamOf(evidence, answer),
        });
        return undefined;
      case 'review':
        await this.#move(owned, state, [...lost, { type: 'askPerson' }], false, {
          status: 'needs_review',
          failure: verdict.failure,
          ...upstreamOf(evidence, answer),
        });
        return undefined;
      case 'retry': {
        const commands: Command[] = verdict.lostTrack ? [...lost, { type: 'retry' }] : [{ type: 'retry' }];
        const waiting = await this.#move(owned, state, commands, false);
        if (waiting !== undefined) await sleep(verdict.delayMs);
        return waiting;
      }
    }
  }

  /** Commits the intent of the next request; `undefined` when the call or the lease is no longer ours. */
  async #dispatch(owned: OwnedCall, state: Call, request: ProviderRequest): Promise<Call | undefined> {
    if (this.#remainingMs(owned) <= 0) {
      const failure = deadlineExceeded;
      await this.#move(owned, state, [{ type: 'fail', attempt: state.attempt }], false, {
        status: 'failed',
        failure,
      });
      return undefined;
    }
    const next = transitions(state, { type: 'claim' }, { type: 'dispatch' });
    if (!next.ok) throw new ImpossibleTransitionError(next.reason);
    const intent = intentOf(request, owned.providerKey);
    const moved = await this.ledger.advance({ owned, from: state, to: next.call, intent, evidence: false });
    if (moved) return next.call;
    this.report.fenced(owned.call.call_id);
    return undefined;
  }

  async #move(
    owned: OwnedCall,
    from: Call,
    commands: readonly Command[],
    evidence: boolean,
    ending?: Pick<Ending, 'status' | 'result' | 'failure' | 'upstream'>,
  ): Promise<Call | undefined> {
    const next = transitions(from, ...commands);
    if (!next.ok) throw new ImpossibleTransitionError(next.reason);
    const outcome =
      ending === undefined
        ? undefined
        : describeEnding(owned.call, {
            ...ending,
            attempts: from.attempt,
            recovered: from.recovered,
            receivedAtMs: owned.receivedAtMs,
            endedAtMs: this.clock.now(),
          });
    const move = { owned, from, to: next.call, evidence };
    const moved = await this.ledger.advance(outcome === undefined ? move : { ...move, outcome });
    if (moved) return next.call;
    this.report.fenced(owned.call.call_id);
    return undefined;
  }

  #judge(owned: OwnedCall, state: Call, { tool }: PreparedTool, evidence: Evidence): Verdict {
    return judge(evidence, {
      effect: tool.effect,
      retry: tool.retry,
      attempt: state.attempt,
      firstDispatchAgeMs: owned.firstDispatchAgeMs + (this.clock.now() - owned.receivedAtMs),
      remainingMs: this.#remainingMs(owned),
      random: this.random(),
    });
  }

  #remainingMs({ call }: OwnedCall): number {
    return call.deadline === undefined ? Infinity : Date.parse(call.deadline) - this.clock.now();
  }
}

/** How a call ends whose time is up before a request may start. */
export const deadlineExceeded: Failure = {
  code: 'deadline_exceeded',
  category: 'request',
  message: 'the deadline passed before the call was started',
};

function upstreamOf(evidence: Evidence, answer: Answer | undefined): Pick<Ending, 'upstream'> | object {
  if (evidence.kind !== 'answered') return {};
  const statusCode = { status_code: evidence.status };
  return { upstream: answer?.incomplete === true ? { ...statusCode, incomplete: true } : statusCode };
}
