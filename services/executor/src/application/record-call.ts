import type { AcceptedCall } from '@action-mesh/contracts/gateway';
import { MeshError, defined, type Clock, type TraceContext } from '@action-mesh/kernel';
import { referencedFiles } from '@action-mesh/tools';

import { transitions } from '../domain/call.js';
import { describeEnding, type Ending } from '../domain/outcome.js';
import { providerKeyOf } from '../domain/provider-key.js';
import type { Failure } from '../domain/attempt-evidence.js';
import { ImpossibleTransitionError } from '../domain/executor.errors.js';
import { deadlineExceeded } from '../domain/attempt-verdict.js';
import { intentOf } from './intent.js';
import type { FairShare, ShareKey } from './fair-share.js';
import type { Ledger, NewCall, Recorded } from './ledger.port.js';
import { awaitingFiles } from './load-request.js';
import { withProviderKey } from './provider-request.js';
import type { Parking } from './parking.js';
import type { RunCall } from './run-call.js';
import { shareKeyOf } from './share-key.js';
import type { Throttle } from './throttle.js';
import type { PreparedTool, ProviderRequest, Tools } from './tools.port.js';
import { unknownToolValidityMs, untilToolIsKnown } from './unknown-tool.js';
import { isFreshRead, validityMsOf } from './validity.js';

/** An accepted call from the log. */
export interface Arrival {
  readonly call: AcceptedCall;
  readonly trace: TraceContext;
  /** `topic/partition/offset`. Absent when the record was handed over ahead of Kafka. */
  readonly origin?: string;
  /** The time at which the broker took the record, by its clock. */
  readonly arrivedAtMs: number;
}

/** The fields that decide which earlier call may answer this one. */
type Freshness = Pick<NewCall, 'validityMs' | 'freshOnly'>;

/** The verdict on a record. */
export type Reception = Recorded['verdict'];

/** Milliseconds that a record waits in memory for a free slot. After that, its call waits in the ledger. */
const slotPatienceMs = 10_000;

/**
 * Makes an accepted call durable and starts it if it is new. When this resolves, the ledger knows the call and the
 * record may be forgotten (I7). A call that cannot run yet waits in the ledger, never in its partition.
 */
export class RecordCall {
  readonly #ledger: Ledger;
  readonly #tools: Tools;
  readonly #share: FairShare;
  readonly #throttle: Throttle;
  readonly #runCall: RunCall;
  readonly #clock: Clock;

  constructor(
    ledger: Ledger,
    tools: Tools,
    share: FairShare,
    throttle: Throttle,
    runCall: RunCall,
    clock: Clock,
  ) {
    this.#ledger = ledger;
    this.#tools = tools;
    this.#share = share;
    this.#throttle = throttle;
    this.#runCall = runCall;
    this.#clock = clock;
  }

  async execute(arrival: Arrival): Promise<Reception> {
    const { call } = arrival;
    const nowMs = this.#clock.now();
    let prepared: PreparedTool | undefined;
    let request: ProviderRequest | undefined;
    let hasFiles = false;
    try {
      prepared = this.#tools.get(call.tool.slug, call.tool.version);
      hasFiles = prepared !== undefined && referencedFiles(prepared.tool, call.arguments).length > 0;
      request =
        prepared === undefined || hasFiles
          ? undefined
          : withProviderKey(prepared.buildRequest(call.arguments), prepared.tool, providerKeyOf(call));
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
    const hold = prepared === undefined ? undefined : this.#throttle.hold(call, prepared, 'RECEIVED');
    if (prepared !== undefined && hold !== undefined)
      return this.#recordParked(arrival, hold, freshnessOf(call, prepared));
    if (prepared !== undefined && hasFiles)
      return this.#recordParked(arrival, { park: awaitingFiles }, freshnessOf(call, prepared));
    if (prepared === undefined || request === undefined) {
      return this.#recordParked(arrival, untilToolIsKnown(call, nowMs), {
        validityMs: unknownToolValidityMs,
      });
    }

    const key = shareKeyOf(call, prepared.tool.provider.slug);
    const grant = await this.#share.acquire(key, slotPatienceMs);
    if (grant !== 'granted') {
      return this.#recordParked(arrival, this.#throttle.overflow(call), freshnessOf(call, prepared));
    }
    const tooLate = notToBeStarted(call, this.#clock.now());
    if (tooLate !== undefined) {
      this.#share.release(key);
      return this.#recordEnded(arrival, tooLate);
    }
    return this.#recordAndRun(arrival, prepared, request, key);
  }

  async #recordAndRun(
    arrival: Arrival,
    prepared: PreparedTool,
    request: ProviderRequest,
    key: ShareKey,
  ): Promise<Reception> {
    const { call } = arrival;
    const freshness = freshnessOf(call, prepared);
    let isRunning = false;
    try {
      const { result, permit } = await this.#throttle.permitFor<Recorded>(call, prepared, 'RECEIVED', {
        park: (parking) => this.#park(arrival, parking, freshness),
        commit: () =>
          this.#record({ intent: intentOf(request, providerKeyOf(call)), ...freshness, ...arrival }, [
            { type: 'receive' },
            { type: 'claim' },
            { type: 'dispatch' },
          ]),
        isCommitted: ({ verdict }) => verdict === 'fresh',
      });
      if (permit !== undefined && result.verdict === 'fresh') {
        isRunning = true;
        void this.#runCall
          .sent(result.owned, prepared, request, permit)
          .finally(() => this.#share.release(key));
      }
      return await this.#answered(arrival, result);
    } finally {
      if (!isRunning) this.#share.release(key);
    }
  }

  /** Records a call that may not leave now. It waits in the ledger, so its partition moves on. */
  async #recordParked(arrival: Arrival, parking: Parking, freshness: Freshness): Promise<Reception> {
    return this.#answered(arrival, await this.#park(arrival, parking, freshness));
  }

  #park(arrival: Arrival, { park, ending }: Parking, freshness: Freshness): Promise<Recorded> {
    const outcome = ending === undefined ? {} : { outcome: this.#outcomeText(arrival.call, ending) };
    return this.#record({ ...arrival, park, ...outcome, ...freshness }, [
      { type: 'receive' },
      { type: 'throttle' },
    ]);
  }

  /** Ends a call before it began. The result does not answer later equal calls. */
  async #recordEnded(arrival: Arrival, failure: Failure): Promise<Reception> {
    const { call } = arrival;
    const recorded = await this.#record(
      { ...arrival, outcome: this.#outcomeText(call, { status: 'failed', failure }), validityMs: 0 },
      [{ type: 'receive' }, { type: 'fail', attempt: 0 }],
    );
    return this.#answered(arrival, recorded);
  }

  async #answered(arrival: Arrival, recorded: Recorded): Promise<Reception> {
    if (recorded.verdict === 'key_conflict') return this.#recordRefused(arrival, recorded.keyHolder);
    return recorded.verdict;
  }

  /**
   * Refuses a submission with the idempotency key of another call. The submission gets an outcome and becomes no call.
   */
  async #recordRefused({ call, trace }: Arrival, keyHolder: string | undefined): Promise<Reception> {
    const { idempotency_key: _taken, ...keyless } = call;
    const failure: Failure = {
      code: 'idempotency_key_conflict',
      category: 'request',
      message:
        keyHolder === undefined
          ? 'the idempotency key was used before for a call with other content'
          : `the idempotency key was used before for the call ${keyHolder}, which has other content`,
      ...defined({ conflicts_with: keyHolder }),
      fix: 'Use a new key for a new call, and the same key only to repeat the same call.',
    };
    const outcome = this.#outcomeText(call, { status: 'failed', failure });
    const recorded = await this.#ledger.record({
      call: keyless,
      trace,
      start: 'refused',
      outcome,
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
    const askedAtMs = this.#clock.monotonicMs();
    const recorded = await this.#ledger.record({ start: start.call, ...entry });
    this.#share.committed(this.#clock.monotonicMs() - askedAtMs);
    return recorded;
  }

  #outcomeText(call: AcceptedCall, ending: Ending): string {
    const state = { attempt: 0, recovered: false, redrives: 0 };
    return describeEnding(call, ending, { state, tried: [] });
  }
}

function freshnessOf(call: AcceptedCall, { tool }: PreparedTool): Freshness {
  return { validityMs: validityMsOf(call, tool), freshOnly: isFreshRead(call, tool) };
}

function notToBeStarted(call: AcceptedCall, nowMs: number): Failure | undefined {
  if (call.mode !== 'live') {
    return {
      code: 'mode_not_supported',
      category: 'request',
      message: `the mode ${call.mode} is not supported yet`,
    };
  }
  if (call.deadline !== undefined && Date.parse(call.deadline) <= nowMs) {
    return deadlineExceeded;
  }
  return undefined;
}
