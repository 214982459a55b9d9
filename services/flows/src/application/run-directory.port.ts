import type { JsonValue } from '@action-mesh/kernel';

import type { RecordedStep, RunProblem, RunState } from '../domain/flow-run.js';

/** Conditions on runs in a list. */
export interface RunConditions {
  readonly flow?: string | undefined;
  readonly state?: RunState | undefined;
  readonly limit: number;
  /** The start of the last run of the page before, milliseconds. */
  readonly beforeMs?: number | undefined;
}

/** A run as people see it. A list leaves out the steps. */
export interface FlowRunView {
  readonly tenantId: string;
  readonly id: string;
  readonly flow: string;
  readonly version: number;
  readonly digest: string;
  readonly userId: string;
  readonly source: string;
  readonly key: string;
  readonly state: RunState;
  readonly problem: RunProblem | undefined;
  readonly failure: RunProblem | undefined;
  readonly result: JsonValue | undefined;
  readonly wakeAtMs: number | undefined;
  readonly startedAtMs: number;
  readonly endedAtMs: number | undefined;
  readonly steps: readonly RecordedStep[];
}

/** The code that a run executes. */
export interface RunCode {
  readonly version: number;
  readonly digest: string;
}

/** The runs of a tenant, for people. */
export interface RunDirectory {
  list(tenantId: string, query: RunConditions): Promise<readonly FlowRunView[]>;
  find(tenantId: string, runId: string): Promise<FlowRunView | undefined>;
  /** Lets a run in one of these states go on, on this code or on its own. False: it is in none of them. */
  resume(
    tenantId: string,
    runId: string,
    how: { readonly from: readonly RunState[]; readonly deployed: RunCode | undefined },
  ): Promise<boolean>;
  /** The run undoes its steps from now on, and one in `needs_review` is closed. False: it is over, or does so already. */
  cancel(tenantId: string, runId: string, failure: RunProblem): Promise<boolean>;
  /** False: the step has an answer. */
  answer(tenantId: string, runId: string, step: string, choice: string): Promise<boolean>;
}
