import { MeshError } from '@action-mesh/kernel';

/** A call has failed for certain, and its retries are used up. An uncaught one starts the undo of the run. */
export class ToolCallFailed extends MeshError {
  readonly code = 'FLOW_TOOL_CALL_FAILED';
  readonly retry = 'terminal';
  /** Path of the step within the run. */
  readonly step: string;
  readonly tool: string;

  constructor(step: string, tool: string, message: string) {
    super(message);
    this.step = step;
    this.tool = tool;
  }
}

/** A person settled a call as unknown: it may have taken effect. */
export class ToolCallUnknown extends MeshError {
  readonly code = 'FLOW_TOOL_CALL_UNKNOWN';
  readonly retry = 'terminal';
  readonly step: string;
  readonly tool: string;

  constructor(step: string, tool: string) {
    super(
      `nobody knows whether the step ${step} took effect; a person settled its call of ${tool} as unknown`,
    );
    this.step = step;
    this.tool = tool;
  }
}

/** A signal or an answer did not come in time. */
export class TimedOut extends MeshError {
  readonly code = 'FLOW_TIMED_OUT';
  readonly retry = 'terminal';
  readonly step: string;

  constructor(step: string) {
    super(`the step ${step} got no answer within its timeout`);
    this.step = step;
  }
}

/** A definition of a flow is wrong. The message names the member. */
export class FlowDefinitionError extends MeshError {
  readonly code = 'FLOW_DEFINITION';
  readonly retry = 'terminal';
}

/** The code of a flow met a value that it cannot work with, such as text that is no number. The run parks as blocked. */
export class FlowValueError extends MeshError {
  readonly code = 'FLOW_VALUE';
  readonly retry = 'defect';
}

/** A run reached a step that is still a `todo`. */
export class UnfinishedStepError extends MeshError {
  readonly code = 'FLOW_UNFINISHED_STEP';
  readonly retry = 'terminal';
}
