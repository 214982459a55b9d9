import { errorMessage } from '@action-mesh/kernel';
import { upgrade } from '@scalar/openapi-upgrader';

import { isObject, member, textAt, type JsonObject } from '../json-object.js';
import { OpenApiError } from '../openapi.errors.js';
import { readDocument } from './read-document.js';

/** What a reference leads to, or why it cannot be followed. */
export type Resolution =
  | { readonly ok: true; readonly value: unknown; readonly pointer: string }
  | { readonly ok: false; readonly code: 'reference_outside' | 'reference_lost'; readonly message: string };

const LONGEST_CHAIN = 50;

/**
 * A document in the terms of OpenAPI 3. Swagger 2.0 is converted on the way in, so pointers lead into the converted
 * document then; 3.0 and 3.1 stay as they are.
 */
export class OpenApiDocument {
  readonly root: JsonObject;
  /** The version that the document itself names: `2.0`, `3.0.3`. */
  readonly version: string;
  /** How many numbers were brought into range. */
  readonly clamped: number;
  /** Whether its schemas are JSON Schema 2020-12; those of 3.0 are a dialect of their own. */
  readonly hasJsonSchema: boolean;

  /** Whether it was Swagger 2.0, in which a form is a list of parameters and is itself never called required. */
  readonly isConverted: boolean;

  /** Throws `OpenApiError`. */
  constructor(source: string | object) {
    const { root, clamped } = readDocument(source);
    this.clamped = clamped;
    if (Object.hasOwn(root, '$ref')) {
      throw new OpenApiError(
        'OPENAPI_NOT_A_DOCUMENT',
        'the whole document is a reference to another one, and nothing is fetched',
        '/$ref',
      );
    }
    const swagger = member(root, 'swagger');
    // Unquoted in YAML, it is a number.
    this.version =
      typeof swagger === 'number' ? '2.0' : (textAt(root, 'swagger') ?? textAt(root, 'openapi') ?? '');
    this.isConverted = swagger === 2 || this.version === '2.0';
    this.root = this.isConverted ? fromSwagger(root) : root;
    if (!/^(2\.0|3\.0(\.\d{1,3})?|3\.1(\.\d{1,3})?)$/.test(this.version)) {
      throw new OpenApiError(
        'OPENAPI_UNSUPPORTED_VERSION',
        'the document must say "openapi": "3.0.x" or "3.1.x", or "swagger": "2.0"',
      );
    }
    this.hasJsonSchema = this.version.startsWith('3.1');
  }

  /** Follows `#/…`, and nothing else: no file, no network, no anchor. */
  resolve(reference: string): Resolution {
    if (!reference.startsWith('#')) {
      return {
        ok: false,
        code: 'reference_outside',
        message: 'refers to another file or address, and nothing is fetched: bundle the document into one',
      };
    }
    let value: unknown = this.root;
    for (const token of reference === '#' ? [] : reference.slice(1).split('/').slice(1)) {
      const name = decodeToken(token);
      value =
        Array.isArray(value) && /^\d+$/.test(name) ? (value[Number(name)] as unknown) : member(value, name);
    }
    if (value === undefined || (reference !== '#' && !reference.startsWith('#/'))) {
      return {
        ok: false,
        code: 'reference_lost',
        message: 'refers to something that the document does not have',
      };
    }
    if (value === this.root) {
      return { ok: false, code: 'reference_lost', message: 'refers to the whole document' };
    }
    return { ok: true, value, pointer: decodeFragment(reference.slice(1)) };
  }

  /** The value, or what its reference leads to, or what that one's leads to. */
  follow(value: unknown, pointer: string): Resolution {
    let found: Resolution = { ok: true, value, pointer };
    for (let step = 0; step < LONGEST_CHAIN; step += 1) {
      const reference = textAt(found.value, '$ref');
      if (reference === undefined) return found;
      const next = this.resolve(reference);
      if (!next.ok) return next;
      found = next;
    }
    return { ok: false, code: 'reference_lost', message: 'refers to itself' };
  }
}

function fromSwagger(root: JsonObject): JsonObject {
  try {
    const upgraded: unknown = upgrade({ ...structuredClone(root), swagger: '2.0' }, '3.0');
    if (isObject(upgraded)) return upgraded;
  } catch (error) {
    const message = `the Swagger 2.0 document cannot be converted to OpenAPI 3: ${errorMessage(error)}`;
    throw new OpenApiError('OPENAPI_UNREADABLE', message);
  }
  throw new OpenApiError('OPENAPI_UNREADABLE', 'the Swagger 2.0 document cannot be converted to OpenAPI 3');
}

function decodeToken(token: string): string {
  return decodeFragment(token).replaceAll('~1', '/').replaceAll('~0', '~');
}

function decodeFragment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an escape after all: the name is as it stands.
    return text;
  }
}
