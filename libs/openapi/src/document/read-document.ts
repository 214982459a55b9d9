import { assertIJson, errorMessage, IJsonError } from '@action-mesh/kernel';

import { isJsonObject, type ReadonlyJsonObject } from '../json-object.js';
import { OpenApiError } from '../openapi.errors.js';
import { clampNumbers, countValues, parseJsonText } from './json-text.js';
import { countYamlNodes, parseYamlText } from './yaml-text.js';

const megabyte = 1024 * 1024;
/** The most bytes of UTF-8 in a text. For a parsed document, the bytes are estimated from below. */
export const largestDocument = 50 * megabyte;
/** The most values in a JSON text. A document of the largest size has about a third of them. */
const mostValues = 5_000_000;
/**
 * The largest YAML text. A YAML reader takes a hundred times the text or more in memory, so a larger text has to be
 * converted to JSON first.
 */
const largestYaml = 8 * megabyte;
const mostYamlNodes = 400_000;
/** The most levels of arrays and objects. */
const deepest = 200;
/** A document as plain JSON, and how many of its numbers were brought into range. */
export interface ReadDocument {
  readonly root: ReadonlyJsonObject;
  readonly clamped: number;
}

/**
 * Reads a document from JSON or YAML text, or copies a parsed one. It refuses a bad document before much of it is in
 * memory. Throws `OpenApiError`.
 */
export function readDocument(source: string | object): ReadDocument {
  const { value, clamped } = typeof source === 'string' ? readText(source) : readObject(source);
  if (!isJsonObject(value)) {
    throw new OpenApiError('OPENAPI_NOT_A_DOCUMENT', 'the document must be an object, as JSON or as YAML');
  }
  return { root: value, clamped };
}

function readText(source: string): { value: unknown; clamped: number } {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  const isJson = /^\s{0,1000}[{[]/.test(text);
  const bytes = Buffer.byteLength(text);
  if (bytes > largestDocument) throw tooLarge('the document', bytes, largestDocument);
  if (isJson) {
    if (countValues(text) > mostValues) throw tooMany('values', mostValues);
    return refusing(() => parseJsonText(text, { maxBytes: largestDocument, maxDepth: deepest }), text);
  }
  const advice = '; convert it to JSON first';
  if (bytes > largestYaml) throw tooLarge('YAML', bytes, largestYaml, advice);
  if (countYamlNodes(text) > mostYamlNodes) throw tooMany('lines and values of YAML', mostYamlNodes, advice);
  return checked(readYaml(text));
}

function readYaml(text: string): unknown {
  try {
    return parseYamlText(text);
  } catch (error) {
    throw new OpenApiError('OPENAPI_UNREADABLE', `the document is not readable YAML: ${errorMessage(error)}`);
  }
}

function readObject(source: object): { value: unknown; clamped: number } {
  let copy: unknown;
  try {
    copy = structuredClone(source);
  } catch (error) {
    throw new OpenApiError('OPENAPI_UNREADABLE', `the document is not plain data: ${errorMessage(error)}`);
  }
  return checked(copy);
}

/** Aliases give one object several places, so every place counts. */
function checked(value: unknown): { value: unknown; clamped: number } {
  const clamped = clampNumbers(value);
  return refusing(() => {
    assertIJson(value, { maxBytes: largestDocument, maxDepth: deepest });
    return { value, clamped };
  });
}

function refusing<Result>(read: () => Result, text?: string): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof IJsonError)) throw error;
    if (error.code === 'IJSON_TOO_LARGE') {
      throw new OpenApiError(
        'OPENAPI_TOO_LARGE',
        `the document unfolds to more than ${largestDocument / megabyte} MB`,
      );
    }
    const place = text === undefined || error.offset === undefined ? '' : placeOf(text, error.offset);
    const message = `the document is refused: ${error.message}${place}`;
    throw new OpenApiError('OPENAPI_UNREADABLE', message, error.pointer);
  }
}

function tooLarge(what: string, bytes: number, most: number, advice = ''): OpenApiError {
  const size = `${Math.ceil(bytes / megabyte)} MB`;
  return new OpenApiError(
    'OPENAPI_TOO_LARGE',
    `${what} has ${size}, and ${most / megabyte} MB is the most${advice}`,
  );
}

function tooMany(what: string, most: number, advice = ''): OpenApiError {
  return new OpenApiError('OPENAPI_TOO_LARGE', `the document has more than ${most} ${what}${advice}`);
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return ` (line ${line}, column ${offset - before.lastIndexOf('\n')})`;
}
