import type { OpenApiDocument } from '../document/openapi-document.js';
import { isJsonObject, member, objectAt, type ReadonlyJsonObject } from '../json-object.js';
import { allOf, inPlaceParts } from './in-place-parts.js';
import { inPlace } from './keywords.js';

/**
 * Finds closed parts of an object that do not know the members of the other parts. In such a document, no object can
 * have the members of both parts, and an object that needs both fits nothing.
 */
export class ClosedParts {
  readonly #document: OpenApiDocument;
  readonly #isHidden: (schema: unknown) => boolean;
  readonly #known = new WeakMap<ReadonlyJsonObject, boolean>();

  constructor(document: OpenApiDocument, isHidden: (schema: unknown) => boolean) {
    this.#document = document;
    this.#isHidden = isHidden;
  }

  /**
   * Whether a part of this object, or the object's own list of members, excludes a member that another part
   * describes.
   */
  excludeMembers(node: ReadonlyJsonObject): boolean {
    if (![...inPlace, '$ref'].some((keyword) => Object.hasOwn(node, keyword))) return false;
    let known = this.#known.get(node);
    if (known === undefined) {
      known = this.#areContradictory(node);
      this.#known.set(node, known);
    }
    return known;
  }

  /** Whether any schema for the same value is closed. */
  areIn(node: unknown): boolean {
    return isJsonObject(node) && inPlaceParts(this.#document, node, inPlace).some(isClosed);
  }

  #areContradictory(node: ReadonlyJsonObject): boolean {
    const all = inPlaceParts(this.#document, node, inPlace);
    // At the object itself, `unevaluatedProperties` sees the members of all parts.
    const closed = all.filter((part) => (part === node ? isShut(part) : isClosed(part)));
    if (closed.length === 0) return false;
    const always = new Set(inPlaceParts(this.#document, node, allOf));
    const everywhere = this.#membersOf(all);
    const common = this.#membersOf(always);
    return closed.some((part) => {
      if (member(part, 'patternProperties') !== undefined) return false;
      const own = objectAt(part, 'properties');
      // Alternatives exclude the members of one another, as intended.
      const met = always.has(part) ? everywhere : common;
      return [...met].some((name) => !Object.hasOwn(own, name));
    });
  }

  #membersOf(parts: Iterable<ReadonlyJsonObject>): ReadonlySet<string> {
    const names = new Set<string>();
    for (const part of parts) {
      for (const [name, schema] of Object.entries(objectAt(part, 'properties'))) {
        if (!this.#isHidden(schema)) names.add(name);
      }
    }
    return names;
  }
}

function isShut(schema: ReadonlyJsonObject): boolean {
  return member(schema, 'additionalProperties') === false;
}

function isClosed(schema: ReadonlyJsonObject): boolean {
  return isShut(schema) || member(schema, 'unevaluatedProperties') === false;
}

/** Opens a converted object in place. Returns whether it was closed. */
export function openObject(schema: Record<string, unknown>): boolean {
  let wasClosed = false;
  for (const keyword of ['additionalProperties', 'unevaluatedProperties']) {
    if (schema[keyword] !== false) continue;
    Reflect.deleteProperty(schema, keyword);
    wasClosed = true;
  }
  return wasClosed;
}
