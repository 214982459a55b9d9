import type { ApiAnswers, ApiQueries } from '../generated/api.js';
import type { ApiClient } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';
import type { MeshOutcome } from '../outcome.js';
import { wireNames } from '../wire-names.js';
import { OutcomesSubscription, type SubscribeOptions } from './outcome-subscription.js';

/** Which outcomes a subscription gets. */
export interface OutcomeFilters {
  readonly userId?: string | undefined;
  readonly runId?: string | undefined;
  readonly callId?: string | readonly string[] | undefined;
  readonly tool?: string | undefined;
  readonly status?: MeshOutcome['status'] | readonly MeshOutcome['status'][] | undefined;
}

/** The outcomes of calls as they come. */
export class OutcomesApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /**
   * Outcomes as they come, for `for await`. The subscription connects again after a break, and continues where it was.
   * Save its `lastEventId` to continue in another process. It throws `OutcomeGapError` when the log does not hold all
   * missed outcomes any more.
   */
  subscribe(filters: OutcomeFilters = {}, options: SubscribeOptions = {}): OutcomesSubscription {
    return new OutcomesSubscription(this.#api, wireNames(filters), options);
  }

  /** The outcomes after a place, in one answer. `wait` waits for the first one, up to that many seconds. */
  read(
    query: ApiQueries['readOutcomes'],
    options: MeshRequestOptions = {},
  ): Promise<ApiAnswers['readOutcomes']> {
    const waitMs = Number(query.wait ?? 0) * 1_000;
    return this.#api.call('readOutcomes', {
      ...options,
      timeoutMs: (options.timeoutMs ?? this.#api.timeoutMs) + waitMs,
      query,
    });
  }
}
