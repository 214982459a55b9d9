import type { JsonValue } from '@action-mesh/kernel';

import { InvalidFlowRequestError, RunConflictError, UnknownRunError } from '../domain/flows.errors.js';
import type { RunState } from '../domain/flow-run.js';
import type { FlowBundles } from './flow-bundles.port.js';
import type { FlowRunView, RunConditions, RunDirectory } from './run-directory.port.js';
import type { StartedRun, StartRuns } from './start-runs.js';

interface AdministerRunsParts {
  readonly runs: RunDirectory;
  readonly flows: Pick<FlowBundles, 'current' | 'find'>;
  readonly start: Pick<StartRuns, 'byHand'>;
  /** A run became due. */
  readonly onChange: () => void;
}

/** A deployed flow as people see it. */
export interface FlowView {
  readonly id: string;
  readonly version: number;
  readonly digest: string;
  readonly trigger: string;
}

const stopped: readonly RunState[] = ['blocked', 'diverged'];

/** What people do with flows and runs of their tenant. */
export class AdministerRuns {
  readonly #parts: AdministerRunsParts;

  constructor(parts: AdministerRunsParts) {
    this.#parts = parts;
  }

  flows(tenantId: string): readonly FlowView[] {
    return this.#parts.flows.current
      .filter((deployed) => deployed.tenantId === tenantId)
      .map(({ flow, digest }) => ({
        id: flow.id,
        version: flow.version,
        digest,
        trigger: flow.on.kind === 'webhook' ? `webhook ${flow.on.name}` : flow.on.kind,
      }));
  }

  /** Starts a run. Throws `UnknownRunError` and `InvalidFlowRequestError`. */
  start(tenantId: string, flow: string, request: { key: string; input: JsonValue }): Promise<StartedRun> {
    return this.#parts.start.byHand(tenantId, flow, request);
  }

  list(tenantId: string, query: RunConditions): Promise<readonly FlowRunView[]> {
    return this.#parts.runs.list(tenantId, query);
  }

  /** Throws `UnknownRunError`. */
  async find(tenantId: string, runId: string): Promise<FlowRunView> {
    const run = await this.#parts.runs.find(tenantId, runId);
    if (run === undefined) throw unknown(runId);
    return run;
  }

  /**
   * Executes a stopped run again, on the deployed code of its flow. Code that asks for something else than the record stops it
   * again. Throws `RunConflictError` for a run that is not stopped.
   */
  async resume(tenantId: string, runId: string): Promise<FlowRunView> {
    const run = await this.find(tenantId, runId);
    const found = this.#parts.flows.find(tenantId, run.flow);
    const deployed = found === undefined ? undefined : { version: found.flow.version, digest: found.digest };
    return this.#changed(run, await this.#parts.runs.resume(tenantId, runId, { from: stopped, deployed }));
  }

  /**
   * Ends a run: its effects are undone, as far as its steps say how. A run in `needs_review` is closed. Throws
   * `RunConflictError` for one that is over.
   */
  async cancel(tenantId: string, runId: string, by: string): Promise<FlowRunView> {
    const run = await this.find(tenantId, runId);
    const failure = { code: 'FLOWS_CANCELLED', message: `cancelled by ${by}` };
    return this.#changed(run, await this.#parts.runs.cancel(tenantId, runId, failure));
  }

  /** Answers a question of a run. Throws `InvalidFlowRequestError` for a choice that was not offered. */
  async answer(tenantId: string, runId: string, step: string, choice: string): Promise<FlowRunView> {
    const run = await this.find(tenantId, runId);
    const asked = run.steps.find(({ path, kind }) => path === step && kind === 'ask');
    if (asked === undefined) throw new UnknownRunError(`the run ${runId} asks nothing at the step ${step}`);
    const { choices } = JSON.parse(asked.about) as { readonly choices: readonly string[] };
    if (!choices.includes(choice))
      throw new InvalidFlowRequestError(`the choice is not one of those that the step ${step} offers`);
    if (!(await this.#parts.runs.answer(tenantId, runId, step, choice)))
      throw new RunConflictError(`the step ${step} has its answer already`);
    this.#parts.onChange();
    return this.find(tenantId, runId);
  }

  #changed({ tenantId, id, state }: FlowRunView, isChanged: boolean): Promise<FlowRunView> {
    if (!isChanged) throw new RunConflictError(`the run is ${state}, so this is not possible now`);
    this.#parts.onChange();
    return this.find(tenantId, id);
  }
}

function unknown(runId: string): UnknownRunError {
  return new UnknownRunError(`the tenant has no run ${runId.slice(0, 60)}`);
}
