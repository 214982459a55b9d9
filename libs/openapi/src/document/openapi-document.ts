import { jsonPointer } from '@action-mesh/kernel';

import { listAt, member, objectAt, stringAt, type ReadonlyJsonObject } from '../json-object.js';
import { OpenApiError } from '../openapi.errors.js';
import { readDocument } from './read-document.js';
import { fromSwagger } from './swagger.js';

/** The target of a reference, or the reason that it cannot be followed. */
export type Resolution =
  | { readonly ok: true; readonly value: unknown; readonly pointer: string }
  | { readonly ok: false; readonly code: 'reference_outside' | 'reference_lost'; readonly message: string };

const longestChain = 50;
/** Longer than any chain of references that a tool may have. */
const longestCircle = 200;

/**
 * A document in the terms of OpenAPI 3. Swagger 2.0 is converted first, so its pointers lead into the converted
 * document. 3.0 and 3.1 stay unchanged.
 */
export class OpenApiDocument {
  readonly root: ReadonlyJsonObject;
  /** The version in the document: `2.0`, `3.0.3`. */
  readonly version: string;
  /** The number of numbers that were brought into range. */
  readonly clamped: number;
  /** Whether its schemas are JSON Schema 2020-12. OpenAPI 3.0 has its own dialect. */
  readonly hasJsonSchema: boolean;
  #extensions: Map<unknown, string[]> | undefined;
  /** One result for each reference, because large documents repeat the same references many times. */
  readonly #resolved = new Map<string, Resolution>();

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
    this.version = versionOf(root);
    this.root = this.version === '2.0' ? fromSwagger(root) : root;
    if (!/^(2\.0|3\.0(\.\d{1,3})?|3\.1(\.\d{1,3})?)$/.test(this.version)) {
      throw new OpenApiError(
        'OPENAPI_UNSUPPORTED_VERSION',
        'the document must say "openapi": "3.0.x" or "3.1.x", or "swagger": "2.0"',
      );
    }
    this.hasJsonSchema = this.version.startsWith('3.1');
  }

  /** Follows `#/…` only: no file, no network, no anchor. */
  resolve(reference: string): Resolution {
    const known = this.#resolved.get(reference);
    if (known !== undefined) return known;
    const found = this.#find(reference);
    this.#resolved.set(reference, found);
    return found;
  }

  /** The target of a reference after one step. Refused if references form a cycle. */
  target(reference: string): Resolution {
    const found = this.resolve(reference);
    const seen = new Set<unknown>();
    for (let next = found; next.ok && seen.size < longestCircle; ) {
      if (seen.has(next.value)) return { ok: false, code: 'reference_lost', message: 'refers to itself' };
      seen.add(next.value);
      const further = stringAt(next.value, '$ref');
      if (further === undefined) break;
      next = this.resolve(further);
    }
    return found;
  }

  /** The names of the schemas under `components` that extend this one by `allOf`. */
  extensionsOf(schema: unknown): readonly string[] {
    this.#extensions ??= this.#findExtensions();
    return this.#extensions.get(schema) ?? [];
  }

  /** The value, or the final target if it is a reference or a chain of references. */
  follow(value: unknown, pointer: string): Resolution {
    let found: Resolution = { ok: true, value, pointer };
    for (let step = 0; step < longestChain; step += 1) {
      const reference = stringAt(found.value, '$ref');
      if (reference === undefined) return found;
      const next = this.resolve(reference);
      if (!next.ok) return next;
      found = next;
    }
    return { ok: false, code: 'reference_lost', message: 'refers to itself' };
  }

  #find(reference: string): Resolution {
    if (!reference.startsWith('#')) {
      return {
        ok: false,
        code: 'reference_outside',
        message: 'refers to another file or address, and nothing is fetched: bundle the document into one',
      };
    }
    let value: unknown = this.root;
    const path = reference === '#' ? [] : reference.slice(1).split('/').slice(1).map(decodeToken);
    for (const name of path) {
      value =
        Array.isArray(value) && /^\d+$/.test(name) ? (value[Number(name)] as unknown) : member(value, name);
    }
    if (value === undefined || (reference !== '#' && !reference.startsWith('#/'))) {
      return {
        ok: false,
        code: 'reference_lost',
        message: 'refers to a missing part of the document',
      };
    }
    if (value === this.root) {
      return { ok: false, code: 'reference_lost', message: 'refers to the whole document' };
    }
    return { ok: true, value, pointer: jsonPointer(path) };
  }

  #findExtensions(): Map<unknown, string[]> {
    const extensions = new Map<unknown, string[]>();
    for (const [name, schema] of Object.entries(objectAt(objectAt(this.root, 'components'), 'schemas'))) {
      for (const part of listAt(schema, 'allOf')) {
        const reference = stringAt(part, '$ref');
        const found = reference === undefined ? undefined : this.resolve(reference);
        if (found?.ok !== true) continue;
        const known = extensions.get(found.value);
        if (known === undefined) extensions.set(found.value, [name]);
        else known.push(name);
      }
    }
    return extensions;
  }
}

/** In YAML, an unquoted `2.0` or `3.1` is a number. */
function versionOf(root: ReadonlyJsonObject): string {
  const version = member(root, 'swagger') ?? member(root, 'openapi');
  if (typeof version === 'number') return Number.isInteger(version) ? `${version}.0` : String(version);
  return typeof version === 'string' ? version : '';
}

function decodeToken(token: string): string {
  return decodeEscapes(token).replaceAll('~1', '/').replaceAll('~0', '~');
}

function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The name contains an invalid escape, so it is used unchanged.
    return text;
  }
}
