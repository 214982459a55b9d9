import type { ApiAnswers, ApiQueries, ApiSchemas } from '../generated/api.js';
import type { ApiClient } from '../http/api-client.js';
import type { MeshRequestOptions } from '../http/api-request.js';

/** Flows as code, and their runs. */
export class FlowsApi {
  readonly #api: ApiClient;

  constructor(api: ApiClient) {
    this.#api = api;
  }

  /** The deployed flows. */
  list(options: MeshRequestOptions = {}): Promise<ApiAnswers['listFlows']> {
    return this.#api.call('listFlows', options);
  }

  /** Starts a run. The same `key` is the same run, so a repetition is safe. */
  start(
    flow: string,
    { key, input = {} }: { readonly key: string; readonly input?: unknown },
    options: MeshRequestOptions = {},
  ): Promise<ApiSchemas['StartedFlowRun']> {
    const repeatable = { ...options, path: { flow }, body: { key, input }, isRepeatable: true };
    return this.#api.call('startFlow', repeatable);
  }

  /** A page of runs, the newest first. */
  runs(
    query: ApiQueries['listFlowRuns'] = {},
    options: MeshRequestOptions = {},
  ): Promise<ApiAnswers['listFlowRuns']> {
    return this.#api.call('listFlowRuns', { ...options, query });
  }

  /** A run with its steps. */
  get(run: string, options: MeshRequestOptions = {}): Promise<ApiSchemas['FlowRun']> {
    return this.#api.call('findFlowRun', { ...options, path: { run } });
  }

  /** Resumes a run that was blocked or diverged, on the deployed code of its flow. */
  resume(run: string, options: MeshRequestOptions = {}): Promise<ApiSchemas['FlowRun']> {
    return this.#api.call('resumeFlowRun', { ...options, path: { run } });
  }

  /** Cancels a run, and undoes its steps as far as they say how. */
  cancel(run: string, options: MeshRequestOptions = {}): Promise<ApiSchemas['FlowRun']> {
    return this.#api.call('cancelFlowRun', { ...options, path: { run } });
  }

  /** Answers a question of a run. */
  answer(
    run: string,
    answer: { readonly step: string; readonly choice: string },
    options: MeshRequestOptions = {},
  ): Promise<ApiSchemas['FlowRun']> {
    return this.#api.call('answerFlowRun', { ...options, path: { run }, body: answer });
  }
}
