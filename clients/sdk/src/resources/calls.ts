import {
  callMembers,
  withoutUndefined,
  toolCallBody,
  type ExecuteToolOptions,
  type ResultOptions,
  type SubmittedCall,
} from '../call-options.js';
import type { ApiAnswers, ApiBodies, ApiQueries, ApiSchemas } from '../generated/api.js';
import type { ApiClient } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';
import { newCallId } from '../call-id.js';
import { withCallIdInErrors } from '../error-call-id.js';
import { NotFoundError } from '../mesh.errors.js';
import { isSettled, type ExecutedCall, type MeshOutcome } from '../outcome.js';
import { wireNames, type CamelNames } from '../wire-names.js';
import { ExactResult } from './call-result.js';
import { iteratePages } from './pages.js';

/** Conditions on calls. */
export type CallFilters = Partial<CamelNames<Omit<ApiQueries['listCalls'], 'cursor'>>>;

/** A call in a list. */
export type ListedCall = ApiAnswers['listCalls']['calls'][number];

/** A recorded call, with its outcome as data. */
export type RecordedCall = Omit<ApiSchemas['Call'], 'outcome'> & { readonly outcome?: MeshOutcome };

/** The longest wait of one request, milliseconds. The gateway shortens a longer one. */
export const mostWaitMs = 30_000;
/**
 * The time in which a gateway learns of a call that another one has accepted, or a trigger has started, milliseconds.
 */
const newCallMs = 5_000;
/** The shortest rest of a wait for which another request is sent, milliseconds. The gateway counts whole seconds. */
export const leastWaitMs = 1_000;

/** Calls: submit, look up, wait, and intervene. */
export class CallsApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** Submits many calls, up to 500, without waiting. Each is accepted or refused by itself. */
  async submit(
    calls: readonly SubmittedCall[],
    options: MeshRequestOptions = {},
  ): Promise<Extract<ApiAnswers['submitCalls'], readonly unknown[]>> {
    const body = calls.map(({ slug, arguments: args, version, ...identity }) => ({
      ...callMembers(identity),
      tool: withoutUndefined({ slug, version }),
      arguments: args as Record<string, unknown>,
    }));
    const input = { ...options, body, isRepeatable: true };
    return (await this.#api.json('submitCalls', input)) as Extract<
      ApiAnswers['submitCalls'],
      readonly unknown[]
    >;
  }

  /** A call with its state, its attempts and its outcome. */
  async get(
    callId: string,
    options: ResultOptions & MeshRequestOptions = {},
  ): Promise<RecordedCall | ApiSchemas['AcceptedCall']> {
    const { fields, maxBytes, ...request } = options;
    const input = { ...request, path: { id: callId }, query: { fields, max_bytes: maxBytes } };
    return (await this.#api.call('findCall', input)) as RecordedCall | ApiSchemas['AcceptedCall'];
  }

  /** A page of calls, the newest first. `cursor` of a page gives the next one. */
  list(
    filters: CallFilters & { readonly cursor?: string } = {},
    options: MeshRequestOptions = {},
  ): Promise<ApiAnswers['listCalls']> {
    return this.#api.call('listCalls', { ...options, query: wireNames(filters) });
  }

  /** All calls that fit, the newest first, page by page as they are read. */
  iterate(filters: CallFilters = {}, options: MeshRequestOptions = {}): AsyncIterable<ListedCall> {
    return iteratePages(
      (cursor) => this.list(withoutUndefined({ ...filters, cursor }), options),
      ({ calls }) => calls,
    );
  }

  /** The attempts of a call. */
  attempts(callId: string, options: MeshRequestOptions = {}): Promise<ApiAnswers['findAttempts']> {
    return this.#api.call('findAttempts', { ...options, path: { id: callId } });
  }

  /** The exact result of a call, byte by byte as the provider gave it. */
  result(callId: string, options: MeshRequestOptions = {}): Promise<ExactResult> {
    const input = { ...options, path: { id: callId }, headers: { accept: '*/*' } };
    return this.#api.exchange('findResult', input, async (response) => {
      const type = response.headers.get('content-type') ?? 'application/octet-stream';
      return new ExactResult(type, new Uint8Array(await response.arrayBuffer()));
    });
  }

  /** Cancels a call before its request. A call that was sent cannot be cancelled. */
  cancel(callId: string, options: MeshRequestOptions = {}): Promise<ApiAnswers['cancelCall']> {
    return this.#api.call('cancelCall', { ...options, path: { id: callId }, body: {} });
  }

  /** Undoes a call by the compensating tool of its tool, and waits for the outcome of the compensation. */
  async compensate(
    callId: string,
    options: MeshRequestOptions & { readonly waitMs?: number } = {},
  ): Promise<ExecutedCall> {
    const { waitMs = mostWaitMs, ...request } = options;
    const endsAtMs = performance.now() + waitMs;
    const timeoutMs = (request.timeoutMs ?? this.#api.timeoutMs) + Math.min(waitMs, mostWaitMs);
    const input = { ...request, timeoutMs, path: { id: callId }, headers: preference(waitMs) };
    const answer = (await this.#api.json('compensateCall', input)) as ExecutedCall;
    return this.waitOn(answer, endsAtMs, request);
  }

  /** Runs a dead call again. A repetition of the request runs it once. */
  redrive(callId: string, options: MeshRequestOptions = {}): Promise<ApiAnswers['redriveCall']> {
    const body = { redrive_id: newCallId() };
    const input = { ...options, path: { id: callId }, body, isRepeatable: true };
    return this.#api.call('redriveCall', input);
  }

  /** Records the verdict of a person on a call with an unknown end. */
  resolve(
    callId: string,
    verdict: ApiBodies['resolveCall'],
    options: MeshRequestOptions = {},
  ): Promise<ApiAnswers['resolveCall']> {
    return this.#api.call('resolveCall', { ...options, path: { id: callId }, body: verdict });
  }

  /** Moves a waiting call to another time. */
  reschedule(
    callId: string,
    move: ApiBodies['rescheduleCall'],
    options: MeshRequestOptions = {},
  ): Promise<ApiAnswers['rescheduleCall']> {
    return this.#api.call('rescheduleCall', { ...options, path: { id: callId }, body: move });
  }

  /**
   * Waits until the mesh does nothing more with a call, and returns its outcome. After `waitMs` it returns the newest
   * one, or the accepted call. Throws `NotFoundError` for a call that the mesh does not know within five seconds.
   */
  async wait(
    callId: string,
    { waitMs = 60_000, ...options }: { readonly waitMs?: number } & ResultOptions & MeshRequestOptions = {},
  ): Promise<ExecutedCall> {
    return withCallIdInErrors(callId, 'after acceptance', () =>
      this.#untilSettled(callId, { waitMs, unknownMs: newCallMs, ...options }),
    );
  }

  /** Waits for the rest of the time after an answer without an outcome; the common part of the methods that start calls. */
  async waitOn(
    answer: ExecutedCall,
    endsAtMs: number,
    options: ResultOptions & MeshRequestOptions,
  ): Promise<ExecutedCall> {
    const waitMs = endsAtMs - performance.now();
    // Any other status is one that the mesh answers early: the end, or a wait for a person or for long.
    if (answer.status !== 'accepted' || waitMs < leastWaitMs) return answer;
    const callId = answer.call_id;
    try {
      return await withCallIdInErrors(callId, 'after acceptance', () =>
        this.#untilSettled(callId, { ...options, waitMs, unknownMs: waitMs }),
      );
    } catch (error) {
      // Another gateway has accepted the call, and the ledger has not recorded it yet.
      if (error instanceof NotFoundError) return answer;
      throw error;
    }
  }

  /** Submits a call and waits; the part of `tools.execute` between its hooks. */
  async start(
    slug: string,
    args: unknown,
    options: ExecuteToolOptions & { readonly waitMs: number },
  ): Promise<ExecutedCall> {
    const { waitMs, fields, maxBytes, signal, traceparent, tracestate, version, ...identity } = options;
    const endsAtMs = performance.now() + waitMs;
    const body = toolCallBody(args, { ...identity, version });
    const { call_id: callId = '' } = body;
    const answer = await withCallIdInErrors(callId, 'submission', () =>
      this.#api.json('executeTool', {
        signal,
        traceparent,
        tracestate,
        timeoutMs: (options.timeoutMs ?? this.#api.timeoutMs) + Math.min(waitMs, mostWaitMs),
        path: { slug },
        query: { fields, max_bytes: maxBytes },
        headers: preference(waitMs),
        body,
        isRepeatable: true,
      }),
    );
    const { timeoutMs } = options;
    return this.waitOn(answer as ExecutedCall, endsAtMs, { fields, maxBytes, signal, timeoutMs });
  }

  /** `unknownMs`: how long the mesh may not know the call. */
  async #untilSettled(
    callId: string,
    {
      waitMs,
      unknownMs,
      ...options
    }: { readonly waitMs: number; readonly unknownMs: number } & ResultOptions & MeshRequestOptions,
  ): Promise<ExecutedCall> {
    const startedAtMs = performance.now();
    const leftMs = (ofMs: number): number => startedAtMs + ofMs - performance.now();
    let cursor: string | undefined;
    let mostMs = mostWaitMs;
    for (;;) {
      // The first request only learns where the log ends, so that no outcome is missed after the look at the call.
      const seconds =
        cursor === undefined ? 0 : Math.floor(Math.max(0, Math.min(leftMs(waitMs), mostMs)) / 1_000);
      cursor = await this.#follow(callId, cursor, seconds, options);
      try {
        const call = await this.get(callId, options);
        const newest: ExecutedCall = 'outcome' in call ? call.outcome : accepted(call);
        if (isSettled(newest) || leftMs(waitMs) < leastWaitMs) return newest;
        mostMs = mostWaitMs;
      } catch (error) {
        const isNew = error instanceof NotFoundError && leftMs(Math.min(waitMs, unknownMs)) >= leastWaitMs;
        if (!isNew) throw error;
        mostMs = leastWaitMs;
      }
    }
  }

  async #follow(
    callId: string,
    after: string | undefined,
    seconds: number,
    { signal, timeoutMs }: MeshRequestOptions,
  ): Promise<string> {
    const query = { call_id: callId, after, wait: String(seconds) };
    const limitMs = (timeoutMs ?? this.#api.timeoutMs) + seconds * 1_000;
    return (await this.#api.call('readOutcomes', { signal, timeoutMs: limitMs, query })).cursor;
  }
}

/** The header that asks the gateway to wait. */
export function preference(waitMs: number): { readonly prefer: string } {
  return { prefer: `wait=${Math.ceil(Math.min(waitMs, mostWaitMs) / 1_000)}` };
}

function accepted(call: RecordedCall | ApiSchemas['AcceptedCall']): ApiSchemas['AcceptedCall'] {
  if ('links' in call) return call;
  return {
    call_id: call.call_id,
    status: 'accepted',
    hash: call.hash ?? '',
    trace_id: call.trace_id ?? '',
    links: { self: `/v1/calls/${call.call_id}` },
  };
}
