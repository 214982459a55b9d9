import { MeshError } from './errors.js';

/** The reasons to refuse a text or a value, each with its text for people. */
const reasons = {
  IJSON_SYNTAX: 'the text is not JSON',
  IJSON_INVALID_UTF8: 'the text is not valid UTF-8',
  IJSON_BYTE_ORDER_MARK: 'the text begins with a byte order mark',
  IJSON_TOO_LARGE: 'the JSON is larger than allowed',
  IJSON_TOO_DEEP: 'the JSON is nested deeper than allowed',
  IJSON_DUPLICATE_NAME: 'an object has two members of the same name',
  IJSON_FORBIDDEN_NAME: 'a member is named __proto__',
  IJSON_NUMBER_RANGE: 'a number is beyond 2^53-1, where a JavaScript number is no longer exact',
  IJSON_NUMBER_PRECISION: 'a number has more digits than a JavaScript number holds',
  IJSON_LONE_SURROGATE: 'a string or member name holds half of a surrogate pair',
  IJSON_NONCHARACTER: 'a string or member name holds a Unicode noncharacter',
  IJSON_NOT_JSON: 'a value has no JSON form',
} as const;

export type IJsonErrorCode = keyof typeof reasons;

export const iJsonErrorCodes = Object.keys(reasons) as readonly IJsonErrorCode[];

/**
 * A text or value that is not I-JSON. The message is fixed for each code. Only the fields hold the place, because
 * member names may be personal data and messages are logged.
 */
export class IJsonError extends MeshError {
  readonly code: IJsonErrorCode;
  readonly retry = 'terminal';
  /** RFC 6901 pointer to the error, or to the enclosing value when the text breaks off. */
  readonly pointer: string;
  /** The position in the text, in UTF-16 code units. Absent for a value, and for a text that could not be decoded. */
  readonly offset?: number;

  constructor(code: IJsonErrorCode, pointer: string, offset?: number) {
    super(reasons[code]);
    this.code = code;
    this.pointer = pointer;
    if (offset !== undefined) this.offset = offset;
  }
}
