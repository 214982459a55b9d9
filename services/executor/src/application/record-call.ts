import { MeshError, defined, type Clock } from '@action-mesh/kernel';
import { referencedFiles } from '@action-mesh/tools';

import { transitions } from '../domain/call.js';
import { describeEnding, type Ending } from '../domain/outcome.js';
import { providerKeyOf } from '../domain/provider-key.js';
import type { Failure } from '../domain/attempt-evidence.js';
import { ImpossibleTransitionError } from '../domain/executor.errors.js';
import {
  answerWindowOf,
  keyConflict,
  newSubject,
  notToBeStarted,
  type Arrival,
  type AnswerWindow,
  type JudgedArrival,
} from './arrival.js';
import { isUnready, type CallCredentials, type Unready } from './call-credentials.js';
import { intentOf } from './intent.js';
import type { FairShare, ShareKey } from './fair-share.js';
import type { Ledger, NewCall, Recorded } from './ledger.port.js';
import { awaitingFiles } from './load-request.js';
import { withProviderKey } from './provider-request.js';
import type { Parking } from './parking.js';
import type { GateAnswer, PolicyGate } from './policy-gate.js';
import type { RehearseCall } from './rehearse-call.js';
import type { RunCall } from './run-call.js';
import { shareKeyOf } from './share-key.js';
import type { Throttle } from './throttle.js';
import type { PreparedTool, ProviderRequest, Tools } from './tools.port.js';
import { unknownToolValidityMs, untilToolIsKnown } from './unknown-tool.js';

export interface RecordParts {
  readonly ledger: Ledger;
  readonly tools: Tools;
  readonly share: FairShare;
  readonly throttle: Throttle;
  readonly runCall: RunCall;
  readonly clock: Clock;
  readonly credentials: CallCredentials;
  readonly rehearseCall: Pick<RehearseCall, 'execute'>;
  readonly policyGate: Pick<PolicyGate, 'first'>;
}

/** The verdict on a record. */
export type Reception = Recorded['verdict'];

/** Milliseconds that a record waits in memory for a free slot. After that, its call waits in the ledger. */
const slotPatienceMs = 10_000;

/**
 * Makes an accepted call durable and starts it if it is new. When this resolves, the ledger knows the call and the
 * record may be forgotten (I7). A call that cannot run yet waits in the ledger, never in its partition.
 */
export class RecordCall {
  readonly #parts: RecordParts;

  constructor(parts: RecordParts) {
    this.#parts = parts;
  }

  async execute(arrival: Arrival): Promise<Reception> {
    const { call } = arrival;
    const nowMs = this.#parts.clock.now();
    let prepared: PreparedTool | undefined;
    let request: ProviderRequest | undefined;
    let hasFiles = false;
    try {
      prepared = this.#parts.tools.of(call);
      hasFiles = prepared !== undefined && referencedFiles(prepared.tool, call.arguments).length > 0;
      request = prepared === undefined || hasFiles ? undefined : prepared.buildRequest(call.arguments);
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      const unbuildable: Failure = {
        code: 'request_unbuildable',
        category: 'request',
        message: error.message,
      };
      return this.#recordEnded(arrival, unbuildable);
    }
    const failure = notToBeStarted(call, nowMs);
    if (failure !== undefined) return this.#recordEnded(arrival, failure);
    if (prepared !== undefined && call.mode !== 'live')
      return this.#recordRehearsed(arrival, prepared, request ?? 'files');
    if (prepared !== undefined && request !== undefined)
      request = withProviderKey(request, prepared.tool, providerKeyOf(call));
    const hold = prepared === undefined ? undefined : this.#parts.throttle.hold(call, prepared, 'RECEIVED');
    if (prepared !== undefined && hold !== undefined)
      return this.#recordParked(arrival, hold, answerWindowOf(call, prepared));
    const gate = prepared === undefined ? undefined : this.#parts.policyGate.first(call, prepared);
    if (prepared !== undefined && gate !== undefined && gate.kind !== 'open')
      return this.#recordStopped(arrival, gate, answerWindowOf(call, prepared));
    const judged: JudgedArrival = gate?.policy === undefined ? arrival : { ...arrival, policy: gate.policy };
    if (prepared !== undefined && hasFiles)
      return this.#recordParked(judged, { park: awaitingFiles }, answerWindowOf(call, prepared));
    if (prepared === undefined || request === undefined) {
      return this.#recordParked(arrival, untilToolIsKnown(call, nowMs), {
        validityMs: unknownToolValidityMs,
      });
    }

    const unready =
      this.#parts.credentials.held(call, prepared) === 'cold'
        ? await this.#unready(arrival, prepared)
        : undefined;
    if (unready !== undefined) return this.#recordUnready(judged, unready, answerWindowOf(call, prepared));
    const key = shareKeyOf(call, prepared.tool.provider.slug);
    const grant = await this.#parts.share.acquire(key, slotPatienceMs);
    if (grant !== 'granted') {
      return this.#recordParked(judged, this.#parts.throttle.overflow(call), answerWindowOf(call, prepared));
    }
    const tooLate = notToBeStarted(call, this.#parts.clock.now());
    if (tooLate !== undefined) {
      this.#parts.share.release(key);
      return this.#recordEnded(arrival, tooLate);
    }
    return this.#recordAndRun(judged, prepared, request, key);
  }

  async #recordAndRun(
    arrival: JudgedArrival,
    prepared: PreparedTool,
    request: ProviderRequest,
    key: ShareKey,
  ): Promise<Reception> {
    const { call } = arrival;
    const freshness = answerWindowOf(call, prepared);
    let isRunning = false;
    try {
      // The lease may have ended while the call waited for its slot.
      let credential = this.#parts.credentials.held(call, prepared);
      if (credential === 'cold') {
        const obtained = await this.#parts.credentials.obtain(newSubject(arrival, prepared));
        if (isUnready(obtained)) return await this.#recordUnready(arrival, obtained, freshness);
        credential = obtained;
      }
      // A policy may be new since the call waits for its slot and its credential (PG1).
      const gate = this.#parts.policyGate.first(call, prepared);
      if (gate.kind !== 'open') return await this.#recordStopped(arrival, gate, freshness);
      const connectionId = credential?.leased.connection_id;
      const { result, permit } = await this.#parts.throttle.permitFor<Recorded>(call, prepared, 'RECEIVED', {
        park: (parking) => this.#park(arrival, parking, freshness),
        commit: () =>
          this.#record(
            { intent: intentOf(request, providerKeyOf(call), connectionId), ...freshness, ...arrival },
            [{ type: 'receive' }, { type: 'claim' }, { type: 'dispatch' }],
          ),
        isCommitted: ({ verdict }) => verdict === 'fresh',
        trace: arrival.trace,
        ...defined({ connectionId }),
      });
      if (permit !== undefined && result.verdict === 'fresh') {
        isRunning = true;
        void this.#parts.runCall
          .sent(result.owned, prepared, request, permit, credential)
          .finally(() => this.#parts.share.release(key));
      }
      return await this.#answered(arrival, result);
    } finally {
      if (!isRunning) this.#parts.share.release(key);
    }
  }

  async #unready(arrival: Arrival, prepared: PreparedTool): Promise<Unready | undefined> {
    const obtained = await this.#parts.credentials.obtain(newSubject(arrival, prepared));
    return isUnready(obtained) ? obtained : undefined;
  }

  /** Records a call without the credential that it needs. It waits, or it ends. */
  async #recordUnready(
    arrival: JudgedArrival,
    unready: Unready,
    freshness: AnswerWindow,
  ): Promise<Reception> {
    if (unready.kind === 'failed') return this.#recordEnded(arrival, unready.failure);
    const { parking, command } = unready;
    return this.#answered(arrival, await this.#park(arrival, parking, freshness, command));
  }

  /** Records a call that may not leave now. It waits in the ledger, so its partition moves on. */
  async #recordParked(arrival: JudgedArrival, parking: Parking, freshness: AnswerWindow): Promise<Reception> {
    return this.#answered(arrival, await this.#park(arrival, parking, freshness));
  }

  #park(
    arrival: JudgedArrival,
    { park, ending }: Parking,
    freshness: AnswerWindow,
    command: 'throttle' | 'awaitAuth' | 'awaitApproval' = 'throttle',
  ): Promise<Recorded> {
    const outcome = ending === undefined ? {} : this.#outcome(arrival, ending);
    return this.#record({ ...arrival, park, ...outcome, ...freshness }, [
      { type: 'receive' },
      { type: command },
    ]);
  }

  /** Ends a call before it began. The result does not answer later equal calls. */
  async #recordEnded(arrival: JudgedArrival, failure: Failure): Promise<Reception> {
    const recorded = await this.#record(
      { ...arrival, ...this.#outcome(arrival, { status: 'failed', failure }), validityMs: 0 },
      [{ type: 'receive' }, { type: 'fail', attempt: 0 }],
    );
    return this.#answered(arrival, recorded);
  }

  /** Records a call that a policy denies, or that waits for an approval. */
  async #recordStopped(
    arrival: Arrival,
    gate: Exclude<GateAnswer, { kind: 'open' }>,
    freshness: AnswerWindow,
  ): Promise<Reception> {
    const judged: JudgedArrival = { ...arrival, ...defined({ policy: gate.policy }) };
    if (gate.kind === 'ends') return this.#recordEnded(judged, gate.failure);
    return this.#answered(judged, await this.#park(judged, gate.parking, freshness, 'awaitApproval'));
  }

  /** Records a call that is not live, with its end (RH1). */
  async #recordRehearsed(
    arrival: Arrival,
    prepared: PreparedTool,
    request: ProviderRequest | 'files',
  ): Promise<Reception> {
    const { call } = arrival;
    const { ending, ...record } = await this.#parts.rehearseCall.execute(call, prepared, request);
    const recorded = await this.#record({ ...arrival, ...record, ...this.#outcome(arrival, ending) }, [
      { type: 'receive' },
      { type: 'rehearse' },
    ]);
    return this.#answered(arrival, recorded);
  }

  async #answered(arrival: Arrival, recorded: Recorded): Promise<Reception> {
    if (recorded.verdict === 'key_conflict') return this.#recordRefused(arrival, recorded.keyHolder);
    return recorded.verdict;
  }

  /**
   * Refuses a submission with the idempotency key of another call. The submission gets an outcome and becomes no call.
   */
  async #recordRefused(arrival: Arrival, keyHolder: string | undefined): Promise<Reception> {
    const { call, trace } = arrival;
    const { idempotency_key: _taken, ...keyless } = call;
    const failure = keyConflict(keyHolder);
    const outcome = this.#outcome(arrival, { status: 'failed', failure });
    const recorded = await this.#parts.ledger.record({
      call: keyless,
      trace,
      start: 'refused',
      ...outcome,
      validityMs: 0,
    });
    return recorded.verdict;
  }

  async #record(
    entry: Omit<NewCall, 'start'>,
    commands: Parameters<typeof transitions>[1][],
  ): Promise<Recorded> {
    const start = transitions(undefined, ...commands);
    if (!start.ok) throw new ImpossibleTransitionError(start.reason);
    const askedAtMs = this.#parts.clock.monotonicMs();
    const recorded = await this.#parts.ledger.record({ start: start.call, ...entry });
    this.#parts.share.committed(this.#parts.clock.monotonicMs() - askedAtMs);
    return recorded;
  }

  #outcome({ call, policy }: JudgedArrival, ending: Ending): Pick<NewCall, 'ending' | 'outcome'> {
    const state = { attempt: 0, recovered: false, redrives: 0 };
    return { ending, outcome: describeEnding(call, ending, { state, tried: [], policy }) };
  }
}
