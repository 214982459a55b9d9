import { defined } from '@action-mesh/kernel';

import { ToolRequestError } from '../tools.errors.js';
import type { JsonSchema } from '../validate/json-schema.js';

/** A file that was given as an argument. */
export interface GivenFile {
  readonly bytes: Buffer;
  readonly filename?: string;
  readonly contentType: string;
}

/** A reference to a file that an argument names without its content. */
export type FileReference =
  | { readonly kind: 'url'; readonly url: string }
  /**
   * The value at a JSON pointer into the result of an earlier call. With `base64`, that text is the content in
   * base64.
   */
  | {
      readonly kind: 'result';
      readonly callId: string;
      readonly pointer: string;
      readonly encoding: 'text' | 'base64';
    };

/** The content of a referenced file with the labels of its source. */
export interface FileContent {
  readonly bytes: Buffer;
  readonly contentType?: string;
  readonly filename?: string;
}

/** A loaded file. It replaces its reference in the arguments. No JSON value is an instance of this class. */
export class LoadedFile {
  readonly content: FileContent;

  constructor(content: FileContent) {
    this.content = content;
  }
}

const base64Text = /^[A-Za-z0-9+/]*={0,2}$/;
/** A media type that ends neither its header line nor its part. */
const mediaType = /^[\w.+-]{1,100}\/[\w.+-]{1,100}( ?;[ -~]{0,100}[!-~])?$/;

/** Whether a text can be the media type of a file. */
export function isMediaType(text: string): boolean {
  return mediaType.test(text);
}

/** The schema of an argument that is a file. */
export const fileSchema: JsonSchema = {
  type: 'object',
  description: 'A file: exactly one of base64, url and result.',
  properties: {
    base64: { type: 'string', format: 'byte', description: 'The content in base64.' },
    url: {
      type: 'string',
      minLength: 1,
      maxLength: 8192,
      description: 'A public https URL to fetch the content from.',
    },
    result: {
      type: 'object',
      description: 'The content is a part of the result of an earlier call.',
      properties: {
        call_id: { type: 'string', format: 'uuid' },
        pointer: {
          type: 'string',
          maxLength: 1000,
          description: 'JSON pointer into the result, such as /content. Absent: all of it.',
        },
        encoding: { enum: ['text', 'base64'], description: 'base64: the text there is base64.' },
      },
      required: ['call_id'],
      additionalProperties: false,
    },
    filename: { type: 'string', minLength: 1, maxLength: 255 },
    content_type: { type: 'string', maxLength: 200, description: 'Its media type, such as image/png.' },
  },
  oneOf: [{ required: ['base64'] }, { required: ['url'] }, { required: ['result'] }],
  additionalProperties: false,
};

/** Reads a file argument that holds its content. Throws `ToolRequestError` for any other value. */
export function readFile(argument: string, value: unknown, mediaType: string): GivenFile {
  if (value instanceof LoadedFile) return { contentType: mediaType, ...value.content };
  const { base64, ...labels } = fieldsOf(argument, value);
  const { contentType = mediaType, ...named } = labelsOf(argument, labels);
  const isReadable = typeof base64 === 'string' && base64.length % 4 === 0 && base64Text.test(base64);
  if (!isReadable) throw new ToolRequestError('TOOL_ARGUMENT_FILE', argument);
  return { bytes: Buffer.from(base64, 'base64'), contentType, ...named };
}

/** The reference of a file argument. `undefined` for an argument that holds its content, or that is no object. */
export function readReference(argument: string, value: unknown): FileReference | undefined {
  if (typeof value !== 'object' || value === null || value instanceof LoadedFile) return undefined;
  const { base64, url, result } = value as Readonly<Record<string, unknown>>;
  const given = [base64, url, result].filter((each) => each !== undefined);
  if (given.length === 1 && given[0] === base64) return undefined;
  labelsOf(argument, fieldsOf(argument, value));
  if (given.length !== 1) throw new ToolRequestError('TOOL_ARGUMENT_FILE', argument);
  if (typeof url === 'string') return { kind: 'url', url };
  const { call_id: callId, pointer = '', encoding = 'text' } = fieldsOf(argument, result);
  const isReadable =
    typeof callId === 'string' &&
    typeof pointer === 'string' &&
    (pointer === '' || pointer.startsWith('/')) &&
    (encoding === 'text' || encoding === 'base64');
  if (!isReadable) throw new ToolRequestError('TOOL_ARGUMENT_FILE', argument);
  return { kind: 'result', callId, pointer, encoding };
}

/** The content of a reference, under the filename and the media type of its argument. */
export function loadedFile(argument: string, value: unknown, content: FileContent): LoadedFile {
  return new LoadedFile({ ...content, ...labelsOf(argument, fieldsOf(argument, value)) });
}

function labelsOf(
  argument: string,
  { filename, content_type: contentType }: Readonly<Record<string, unknown>>,
): { readonly filename?: string; readonly contentType?: string } {
  const isReadable =
    (filename === undefined || typeof filename === 'string') &&
    (contentType === undefined || (typeof contentType === 'string' && isMediaType(contentType)));
  if (!isReadable) throw new ToolRequestError('TOOL_ARGUMENT_FILE', argument);
  return {
    ...defined({ filename, contentType }),
  };
}

function fieldsOf(argument: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new ToolRequestError('TOOL_ARGUMENT_FILE', argument);
  return value as Readonly<Record<string, unknown>>;
}
