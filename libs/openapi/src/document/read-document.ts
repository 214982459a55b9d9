import { assertIJson, errorMessage, IJsonError } from '@action-mesh/kernel';

import { isJsonObject, type ReadonlyJsonObject } from '../json-object.js';
import { OpenApiError } from '../openapi.errors.js';
import { clampNumbers, countValues, parseJsonText } from './json-text.js';
import { countYamlNodes, parseYamlText } from './yaml-text.js';

const MEGABYTE = 1024 * 1024;
/** The most bytes of UTF-8 in a text. For a parsed document, the bytes are estimated from below. */
export const LARGEST_DOCUMENT = 50 * MEGABYTE;
/** The most values in a JSON text. A document of the largest size has about a third of them. */
const MOST_VALUES = 5_000_000;
/**
 * The largest YAML text. A YAML reader takes a hundred times the text or more in memory, so a larger text has to be
 * converted to JSON first.
 */
const LARGEST_YAML = 8 * MEGABYTE;
const MOST_YAML_NODES = 400_000;
/** The most levels of arrays and objects. */
const DEEPEST = 200;
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
  if (bytes > LARGEST_DOCUMENT) throw tooLarge('the document', bytes, LARGEST_DOCUMENT);
  if (isJson) {
    if (countValues(text) > MOST_VALUES) throw tooMany('values', MOST_VALUES);
    return refusing(() => parseJsonText(text, { maxBytes: LARGEST_DOCUMENT, maxDepth: DEEPEST }), text);
  }
  const advice = '; convert it to JSON first';
  if (bytes > LARGEST_YAML) throw tooLarge('YAML', bytes, LARGEST_YAML, advice);
  if (countYamlNodes(text) > MOST_YAML_NODES)
    throw tooMany('lines and values of YAML', MOST_YAML_NODES, advice);
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
    assertIJson(value, { maxBytes: LARGEST_DOCUMENT, maxDepth: DEEPEST });
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
        `the document unfolds to more than ${LARGEST_DOCUMENT / MEGABYTE} MB`,
      );
    }
    const place = text === undefined || error.offset === undefined ? '' : placeOf(text, error.offset);
    const message = `the document is refused: ${error.message}${place}`;
    throw new OpenApiError('OPENAPI_UNREADABLE', message, error.pointer);
  }
}

function tooLarge(what: string, bytes: number, most: number, advice = ''): OpenApiError {
  const size = `${Math.ceil(bytes / MEGABYTE)} MB`;
  return new OpenApiError(
    'OPENAPI_TOO_LARGE',
    `${what} has ${size}, and ${most / MEGABYTE} MB is the most${advice}`,
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
