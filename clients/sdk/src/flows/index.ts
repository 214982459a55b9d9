// The authoring API of flows, bundled into this package. This package has no dependency.

// Flows
export { flow, trigger } from '@action-mesh/flow-api';
export type {
  AskOptions,
  CallStepOptions,
  EndedRun,
  FlowDefinition,
  FlowOptions,
  FlowRun,
  FlowTrigger,
  InputSchema,
  KafkaTrigger,
  ManualTrigger,
  PollTrigger,
  ScheduleTrigger,
  SleepDuration,
  WebhookTrigger,
} from '@action-mesh/flow-api';

// Tools
export { declareTool } from '@action-mesh/flow-api';
export type { FlowToolEffect, ToolDeclaration } from '@action-mesh/flow-api';

// Errors
export {
  FlowDefinitionError,
  FlowValueError,
  TimedOut,
  ToolCallFailed,
  ToolCallUnknown,
  UnfinishedStepError,
} from '@action-mesh/flow-api';

// Unfinished drafts
export { todo } from '@action-mesh/flow-api';
export type { UnfinishedStep } from '@action-mesh/flow-api';

// Values of imported drafts
export {
  at,
  base64,
  byIndex,
  chunks,
  codeResult,
  codeScope,
  dateText,
  everyPair,
  ifEmpty,
  isEmpty,
  kept,
  later,
  mailMessage,
  pairedByField,
  pairedByPosition,
  pairOf,
  parseJson,
  sorted,
  toBoolean,
  toList,
  toNumber,
  toText,
  toTime,
  unique,
} from '@action-mesh/flow-api';
export type { CodeItem, CodeScope, Dynamic, FixedUnit } from '@action-mesh/flow-api';
