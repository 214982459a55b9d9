import { MeshError } from '@action-mesh/kernel';

/**
 * Every reason for which a request cannot be built from arguments that are valid, with what it tells a
 * person.
 */
const REASONS = {
  TOOL_PATH_VALUE_MISSING: 'a path argument is missing',
  TOOL_PATH_VALUE_EMPTY: 'a path argument is empty, which would address another resource',
  TOOL_PATH_DOT_SEGMENT: 'a path argument holds a "." or ".." segment, which would address another resource',
  TOOL_HEADER_VALUE: 'a header argument holds characters that a header cannot carry',
  TOOL_ARGUMENT_SHAPE: 'an argument has no form in the place where it goes',
  TOOL_ARGUMENT_TEXT: 'a text holds half of a surrogate pair',
  TOOL_ARGUMENT_FILE:
    'a file is an object with one of "base64" (its content), "url" and "result", and if wanted "filename" and "content_type" (a media type)',
  TOOL_FILES_MANY: 'a call takes at most 16 files by URL or from results',
  TOOL_ARGUMENT_FIXED: 'an argument has the name of something that is the same in every request',
  TOOL_LIST_DELIMITER: 'an item of a list holds the character that stands between items',
  TOOL_ARGUMENT_UNPLACED: 'an argument has no place in the request',
} as const;

export type ToolRequestErrorCode = keyof typeof REASONS;

/**
 * These arguments cannot become a request of this tool. Nothing was sent, and the same arguments fail again.
 * The message is fixed per code, because values are the caller's data and messages are logged.
 */
export class ToolRequestError extends MeshError {
  readonly code: ToolRequestErrorCode;
  readonly retry = 'terminal';
  /** The top-level argument. */
  readonly argument: string;

  constructor(code: ToolRequestErrorCode, argument: string) {
    super(REASONS[code]);
    this.code = code;
    this.argument = argument;
  }
}

/**
 * A published tool whose parts do not fit together: it was not compiled by this library, or by a newer one.
 */
export class ToolUnusableError extends MeshError {
  readonly code = 'TOOL_UNUSABLE';
  readonly retry = 'terminal';
}
