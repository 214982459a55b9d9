// Flows
export { flow } from './flow.js';
export { trigger } from './trigger.js';
export type {
  FlowTrigger,
  InputSchema,
  KafkaTrigger,
  ManualTrigger,
  PollTrigger,
  ScheduleTrigger,
  WebhookTrigger,
} from './trigger.js';
export type {
  AskOptions,
  CallStepOptions,
  EndedRun,
  FlowDefinition,
  FlowOptions,
  FlowRun,
  SleepDuration,
} from './run.js';

// Tools
export { declareTool } from './tool-declaration.js';
export type { FlowToolEffect, ToolDeclaration } from './tool-declaration.js';

// Errors
export {
  FlowDefinitionError,
  FlowValueError,
  TimedOut,
  ToolCallFailed,
  ToolCallUnknown,
  UnfinishedStepError,
} from './flow-api.errors.js';

// Unfinished drafts
export { todo } from './todo.js';
export type { UnfinishedStep } from './todo.js';

// Values of imported drafts
export type { Dynamic } from './dynamic.js';
export {
  base64,
  ifEmpty,
  isEmpty,
  mailMessage,
  parseJson,
  toText,
  toBoolean,
  toNumber,
  toTime,
} from './values.js';
export {
  at,
  byIndex,
  chunks,
  everyPair,
  kept,
  toList,
  pairedByField,
  pairedByPosition,
  pairOf,
  sorted,
  unique,
} from './lists.js';
export { dateText, later } from './date-text.js';
export type { FixedUnit } from './date-text.js';
export { codeResult, codeScope } from './code-scope.js';
export type { CodeItem, CodeScope } from './code-scope.js';
