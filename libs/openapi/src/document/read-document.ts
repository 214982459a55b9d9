import { assertIJson, errorMessage, IJsonError } from '@action-mesh/kernel';
import { parseDocument } from 'yaml';

import { isObject, type JsonObject } from '../json-object.js';
import { OpenApiError } from '../openapi.errors.js';
import { clampNumbers, parseJsonText } from './json-text.js';

const MEGABYTE = 1024 * 1024;
/** Of UTF-8, in a text and, counted from below, in a parsed document. */
export const LARGEST_DOCUMENT = 50 * MEGABYTE;
/** A YAML reader takes some hundred times the text in memory; what is larger has to be turned into JSON first. */
export const LARGEST_YAML = 8 * MEGABYTE;
/** Arrays and objects within each other. */
const DEEPEST = 200;
/** Uses of one anchor that may unfold; further ones are refused, whatever they hold. */
const MOST_ALIASES = 100;

/** A document as plain JSON, and how many of its numbers had to be brought into range. */
export interface ReadDocument {
  readonly root: JsonObject;
  readonly clamped: number;
}

/**
 * Reads a document from JSON or YAML text, or takes a copy of one that is parsed. Whatever is refused here is refused
 * before much of it is in memory. Throws `OpenApiError`.
 */
export function readDocument(source: string | object): ReadDocument {
  const { value, clamped } = typeof source === 'string' ? readText(source) : readObject(source);
  if (!isObject(value)) {
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
    return refusing(() => parseJsonText(text, { maxBytes: LARGEST_DOCUMENT, maxDepth: DEEPEST }), text);
  }
  if (bytes > LARGEST_YAML) throw tooLarge('YAML', bytes, LARGEST_YAML, '; convert it to JSON first');
  return checked(readYaml(text));
}

function readYaml(text: string): unknown {
  let message: string;
  try {
    const document = parseDocument(text, {
      uniqueKeys: true,
      merge: false,
      logLevel: 'silent',
      prettyErrors: false,
    });
    const [error] = document.errors;
    if (error === undefined) return document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
    message = `${error.message}${placeOf(text, error.pos[0])}`;
  } catch (error) {
    // Too many aliases; or nested so deep that the reader ran out of stack.
    message = errorMessage(error);
  }
  throw new OpenApiError('OPENAPI_UNREADABLE', `the document is not readable YAML: ${message}`);
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

/** Aliases give one object several places, so what is counted is what they would unfold to. */
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

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return ` (line ${line}, column ${offset - before.lastIndexOf('\n')})`;
}
