import { ToolRequestError } from '../tools.errors.js';
import type { JsonSchema } from '../validate/json-schema.js';

/** A file that was given as an argument. */
export interface GivenFile {
  readonly bytes: Buffer;
  readonly filename?: string;
  readonly contentType: string;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** A media type that ends neither its header line nor its part. */
const MEDIA_TYPE = /^[\w.+-]{1,100}\/[\w.+-]{1,100}( ?;[ -~]{0,100}[!-~])?$/;

/** Whether a text can stand as the media type of a file. */
export function isMediaType(text: string): boolean {
  return MEDIA_TYPE.test(text);
}

/** The schema of an argument that is a file. */
export const fileSchema: JsonSchema = {
  type: 'object',
  properties: {
    base64: { type: 'string', format: 'byte', description: 'The content of the file in base64.' },
    filename: { type: 'string', minLength: 1, maxLength: 255 },
    content_type: { type: 'string', maxLength: 200, description: 'Its media type, such as image/png.' },
  },
  required: ['base64'],
  additionalProperties: false,
};

/** Reads a file argument. Throws `ToolRequestError` for any other value. */
export function readFile(argument: string, value: unknown, mediaType: string): GivenFile {
  if (typeof value !== 'object' || value === null) throw new ToolRequestError('TOOL_ARGUMENT_FILE', argument);
  const {
    base64,
    filename,
    content_type: contentType = mediaType,
  } = value as Readonly<Record<string, unknown>>;
  const isReadable =
    typeof base64 === 'string' &&
    base64.length % 4 === 0 &&
    BASE64.test(base64) &&
    (filename === undefined || typeof filename === 'string') &&
    typeof contentType === 'string' &&
    isMediaType(contentType);
  if (!isReadable) throw new ToolRequestError('TOOL_ARGUMENT_FILE', argument);
  return {
    bytes: Buffer.from(base64, 'base64'),
    contentType,
    ...(filename === undefined ? {} : { filename }),
  };
}
