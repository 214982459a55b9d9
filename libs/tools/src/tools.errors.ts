import { MeshError } from '@action-mesh/kernel';

/** All reasons that valid arguments cannot become a request, with their texts for people. */
const reasons = {
  TOOL_PATH_VALUE_MISSING: 'a path argument is missing',
  TOOL_PATH_VALUE_EMPTY: 'a path argument is empty, which would address another resource',
  TOOL_PATH_DOT_SEGMENT: 'a path argument holds a "." or ".." segment, which would address another resource',
  TOOL_HEADER_VALUE: 'a header argument holds characters that a header cannot carry',
  TOOL_ARGUMENT_SHAPE: 'a value cannot be written in its place of the request',
  TOOL_ARGUMENT_TEXT: 'a text holds half of a surrogate pair',
  TOOL_ARGUMENT_FILE:
    'a file must be an object with one of "base64" (its content), "url" and "result", and optionally "filename" and "content_type" (a media type)',
  TOOL_FILES_MANY: 'a call takes at most 16 files by URL or from results',
  TOOL_ARGUMENT_FIXED: 'an argument has the name of a fixed value',
  TOOL_LIST_DELIMITER: 'an item of a list contains the delimiter of the list',
  TOOL_ARGUMENT_UNPLACED: 'an argument has no place in the request',
} as const;

export type ToolRequestErrorCode = keyof typeof reasons;

/**
 * These arguments cannot become a request of this tool. Nothing was sent, and the same arguments fail again. The
 * message is fixed per code, because values are the caller's data and messages are logged.
 */
export class ToolRequestError extends MeshError {
  readonly code: ToolRequestErrorCode;
  readonly retry = 'terminal';
  /** The top-level argument. */
  readonly argument: string;

  constructor(code: ToolRequestErrorCode, argument: string) {
    super(reasons[code]);
    this.code = code;
    this.argument = argument;
  }
}

/**
 * A published tool with parts that do not fit together. A newer version of this library or another program compiled
 * it.
 */
export class ToolUnusableError extends MeshError {
  readonly code = 'TOOL_UNUSABLE';
  readonly retry = 'terminal';
}

/** An argument of a compensating call without an exact source value. */
export interface DerivationProblem {
  readonly pointer: string;
  readonly message: string;
  readonly code?: string;
}

/** The arguments and the result of a call do not give the exact arguments of the call that undoes it. */
export class NotDerivableError extends MeshError {
  readonly code = 'TOOL_NOT_DERIVABLE';
  readonly retry = 'terminal';
  readonly problems: readonly DerivationProblem[];

  constructor(problems: readonly DerivationProblem[]) {
    super('its arguments and its result do not give the exact arguments of the undoing call');
    this.problems = problems;
  }
}
