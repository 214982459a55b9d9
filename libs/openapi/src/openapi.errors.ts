import { MeshError } from '@action-mesh/kernel';

/** All reasons that a document as a whole cannot be imported. */
export type OpenApiErrorCode =
  | 'OPENAPI_TOO_LARGE'
  | 'OPENAPI_UNREADABLE'
  | 'OPENAPI_NOT_A_DOCUMENT'
  | 'OPENAPI_UNSUPPORTED_VERSION'
  | 'OPENAPI_BASE_URL'
  | 'OPENAPI_OPTION'
  | 'OPENAPI_TOO_MANY_OPERATIONS';

/** The document or the options are refused as a whole. A repeated import is refused again. */
export class OpenApiError extends MeshError {
  readonly code: OpenApiErrorCode;
  readonly retry = 'terminal';
  /** JSON pointer into the document. The empty text is the whole document. */
  readonly pointer: string;

  constructor(code: OpenApiErrorCode, message: string, pointer = '') {
    super(message);
    this.code = code;
    this.pointer = pointer;
  }
}
