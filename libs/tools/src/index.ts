// Definitions
export { defineTool, isDefinedTool } from './definition/define-tool.js';
export type {
  AnswerDefinition,
  BodyDefinition,
  DefinedTool,
  DerivedArgument,
  EffectDefinition,
  FailureDefinition,
  HttpDefinition,
  PaginationDefinition,
  ParameterLocation,
  ProbeableDefinition,
  RetryDefinition,
  SecurityDefinition,
  ToolDefinition,
} from './definition/define-tool.js';
export { baseUrlProblem } from './definition/definition-schema.js';

// Requests
export { buildRequest, compileBinding } from './request/binding.js';
export type { Arguments } from './request/argument-text.js';
export { linkedArguments } from './request/linked-arguments.js';
export { fileSchema, isMediaType } from './request/file-argument.js';
export type { FileContent, FileReference } from './request/file-argument.js';
export { referencedFiles, withFiles } from './request/referenced-files.js';
export type { ReferencedFile } from './request/referenced-files.js';
export type { BindableTool, HttpRequest, RequestBinding } from './request/binding.js';

// Arguments
export { ArgumentValidator } from './validate/argument-validator.js';
export type { ValidationResult } from './validate/argument-validator.js';
export type { ArgumentProblem } from './validate/argument-problem.js';
export type { JsonSchema } from './validate/json-schema.js';
export { nearestMatch } from './validate/nearest-match.js';
export { memberPointer } from './problem.js';
export type { Problem } from './problem.js';

// Compensation
export { derivedArguments } from './compensation/derived-arguments.js';
export type { DoneCall } from './compensation/derived-arguments.js';

// Inputs as models see them
export { collapsedInput } from './collapsed-input.js';
export { inputPart } from './input-part.js';
export type { InputPart } from './input-part.js';

// Versions
export {
  compareToolkitVersions,
  compareVersions,
  latestVersion,
  majorVersion,
  parseVersion,
} from './version.js';
export type { Version } from './version.js';

// Errors
export { NotDerivableError, ToolRequestError, ToolUnusableError } from './tools.errors.js';
export type { DerivationProblem, ToolRequestErrorCode } from './tools.errors.js';
