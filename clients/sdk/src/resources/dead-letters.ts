import { newCallId } from '../call-id.js';
import type { ApiAnswers, ApiBodies, ApiQueries, ApiSchemas } from '../generated/api.js';
import type { ApiClient } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';
import type { ExecutedCall } from '../outcome.js';
import { wireNames, type CamelNames } from '../wire-names.js';
import { CallsApi, mostWaitMs, preference } from './calls.js';
import { iteratePages } from './pages.js';

/** Conditions on dead calls. */
export type DeadLetterFilters = Partial<CamelNames<Omit<ApiQueries['listDead'], 'cursor' | 'limit'>>>;

/** A dead call in a list. */
export type ListedDeadCall = ApiAnswers['listDead']['calls'][number];

/** The dead calls to run again, by their ids or by a filter. */
export interface RedriveOptions extends MeshRequestOptions {
  readonly callIds?: readonly string[] | undefined;
  readonly filter?: DeadLetterFilters | undefined;
  /** True: the report names the calls that would run, and nothing runs. */
  readonly dryRun?: boolean | undefined;
  /** @default 10 */
  readonly perSecond?: number | undefined;
  /**
   * Names the redrive. A repetition with the same id runs each call once.
   *
   * @default a new id
   */
  readonly redriveId?: string | undefined;
}

/** Calls that need a person. */
export class DeadLettersApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** A page of dead calls. */
  list(
    filters: DeadLetterFilters & { readonly limit?: number; readonly cursor?: string } = {},
    options: MeshRequestOptions = {},
  ): Promise<ApiAnswers['listDead']> {
    return this.#api.call('listDead', { ...options, query: wireNames(filters) });
  }

  /** All dead calls that fit. */
  iterate(filters: DeadLetterFilters = {}, options: MeshRequestOptions = {}): AsyncIterable<ListedDeadCall> {
    return iteratePages(
      (cursor) => this.list({ ...filters, ...(cursor === undefined ? {} : { cursor }) }, options),
      ({ calls }) => calls,
    );
  }

  /** A dead call with its arguments and its attempts. */
  get(callId: string, options: MeshRequestOptions = {}): Promise<ApiSchemas['DeadCall']> {
    return this.#api.call('findDead', { ...options, path: { id: callId } });
  }

  /** Runs dead calls again. One call: `mesh.calls.redrive`. */
  redrive(options: RedriveOptions): Promise<ApiSchemas['RedriveReport']> {
    const { callIds, filter, dryRun, perSecond, redriveId = newCallId(), ...request } = options;
    const body = {
      ...wireNames({ callIds, dryRun, perSecond, redriveId }),
      ...(filter === undefined ? {} : { filter: wireNames(filter) }),
    };
    return this.#api.json('redriveCalls', { ...request, body, isRepeatable: true }) as Promise<
      ApiSchemas['RedriveReport']
    >;
  }

  /** Replaces a dead call by a correct one, and waits for its outcome. */
  async correct(
    callId: string,
    correction: ApiBodies['correctCall'],
    { waitMs = 30_000, ...options }: MeshRequestOptions & { readonly waitMs?: number } = {},
  ): Promise<ExecutedCall> {
    const endsAtMs = performance.now() + waitMs;
    const answer = await this.#api.json('correctCall', {
      ...options,
      timeoutMs: (options.timeoutMs ?? this.#api.timeoutMs) + Math.min(waitMs, mostWaitMs),
      path: { id: callId },
      headers: preference(waitMs),
      body: correction,
    });
    return new CallsApi(this.#api).waitOn(answer as ExecutedCall, endsAtMs, options);
  }
}
