import type { JsonSchema } from '@action-mesh/tools';

import type { OpenApiDocument } from '../document/openapi-document.js';
import { below } from '../finding.js';
import { isObject, member, textAt, type JsonObject } from '../json-object.js';
import { Conversion, DefinitionNames, MOST_SCHEMAS, type Definition } from './definition.js';
import { IN_PLACE, KEYWORDS, REFUSED, SPENT } from './keywords.js';
import { acceptNull, readNumbersOf30 } from './openapi-30.js';
import { dropRequired, MemberMarks } from './member-marks.js';
import { relaxKeyword, warnOfRelaxation } from './relaxation.js';
import { readValue } from './value-keywords.js';

/** Whether a schema describes what is sent, without what only the provider sets, or what comes back. */
export type Direction = 'input' | 'output';

const KNOWN = new Set(KEYWORDS.map(([name]) => name));
const NONE: ReadonlySet<string> = new Set();

/**
 * Turns the schemas of a document into JSON Schema 2020-12.
 *
 * - S1: a reference stays a reference, and what it leads to becomes a definition: nothing is unfolded, so neither recursion
 *   nor a pyramid of references costs anything.
 * - S2: each definition is converted once, when the first operation needs it, and none while another one is under way: no
 *   chain of references is too long for the stack.
 * - S3: what a keyword cannot say in 2020-12 is left out with a warning, where valid values stay valid; else it is refused.
 *   Beneath `not`, `if` and `oneOf`, where less said would be more refused, the keyword around it gives way.
 * - S4: what is none of its direction's business is not required either, in whichever part of an `allOf`, alternative or
 *   condition of the same value that is said. An alternative that asks for nothing else fits everything.
 */
export class SchemaConverter {
  readonly #document: OpenApiDocument;
  readonly #direction: Direction;
  readonly #names = new DefinitionNames();
  readonly #marks: MemberMarks;

  constructor(document: OpenApiDocument, direction: Direction) {
    this.#document = document;
    this.#direction = direction;
    this.#marks = new MemberMarks(document, direction === 'input' ? 'readOnly' : 'writeOnly');
  }

  /** `unrequired`: members that another part of the same value hides. */
  convert(node: unknown, pointer: string, into: Conversion, unrequired = NONE): JsonSchema | boolean {
    into.schemas += 1;
    // It is refused as too large; how much more there is makes no difference.
    if (typeof node === 'boolean' || into.schemas > MOST_SCHEMAS) return node !== false;
    if (!isObject(node)) {
      into.findings.refuse('schema_unreadable', pointer, 'is not a schema');
      return true;
    }
    const reference = textAt(node, '$ref');
    const hidden = this.#hiddenIn(node, unrequired);
    if (reference === undefined) return this.#keywords(node, pointer, into, {}, hidden);
    const definition = this.#refer(reference, pointer, into, hidden);
    if (definition === undefined) return true;
    const schema = { $ref: `#/$defs/${definition.name}` };
    if (this.#document.hasJsonSchema) return this.#keywords(node, pointer, into, schema, hidden);
    // OpenAPI 3.0 has nothing count beside a reference. A description is harmless, and null is what its author means.
    const description = readValue('description', member(node, 'description'), pointer, this.#direction, into);
    const described = description === undefined ? schema : { ...schema, description };
    return member(node, 'nullable') === true ? acceptNull(described) : described;
  }

  /** Whether a member is none of this direction's: set by the provider alone, or never told by it. */
  isHidden(node: unknown): boolean {
    return this.#marks.isHidden(node);
  }

  /** Converts a definition where that has not been done. */
  complete(definition: Definition): Conversion {
    if (definition.converted === undefined) {
      const into = new Conversion();
      const schema = this.convert(definition.source, definition.pointer, into, definition.unrequired);
      definition.converted = { schema, conversion: into };
    }
    return definition.converted.conversion;
  }

  #hiddenIn(node: JsonObject, unrequired: ReadonlySet<string>): ReadonlySet<string> {
    const hidden = this.#marks.hiddenIn(node);
    return hidden.size === 0 ? unrequired : new Set([...unrequired, ...hidden]);
  }

  #refer(
    reference: string,
    pointer: string,
    into: Conversion,
    unrequired: ReadonlySet<string>,
  ): Definition | undefined {
    const found = this.#document.resolve(reference);
    if (!found.ok) {
      into.findings.refuse(found.code, below(pointer, '$ref'), found.message);
      return undefined;
    }
    const definition = this.#names.at(
      found.pointer,
      found.value,
      this.#marks.askedFor(found.value, unrequired),
    );
    into.uses.add(definition);
    return definition;
  }

  #keywords(
    source: JsonObject,
    pointer: string,
    into: Conversion,
    start: Readonly<Record<string, unknown>>,
    hidden: ReadonlySet<string>,
  ): JsonSchema {
    const node = this.#document.hasJsonSchema ? source : readNumbersOf30(source);
    const schema: Record<string, unknown> = { ...start };
    const loose: string[] = [];
    for (const [name, kind] of KEYWORDS) {
      const value = name === 'examples' ? examplesOf(node) : member(node, name);
      if (value === undefined) continue;
      const at = below(pointer, name);
      const before = into.losses;
      const unrequired = IN_PLACE.has(name) ? hidden : NONE;
      const read =
        kind === 'value'
          ? readValue(name, value, pointer, this.#direction, into)
          : kind === 'schema'
            ? this.convert(value, at, into, unrequired)
            : kind === 'list'
              ? this.#list(value, at, into, unrequired)
              : this.#map(name, value, at, into, unrequired);
      if (read !== undefined) schema[name] = read;
      if (into.losses > before) loose.push(name);
    }
    this.#lookForOthers(node, pointer, into);
    if (dropRequired(schema, hidden)) into.losses += 1;
    openWithoutPatterns(node, schema);
    for (const name of loose) if (relaxKeyword(schema, name)) warnOfRelaxation(into, below(pointer, name));
    const isNullable = member(node, 'nullable') === true || member(node, 'x-nullable') === true;
    return isNullable ? acceptNull(schema) : schema;
  }

  #list(value: unknown, pointer: string, into: Conversion, unrequired: ReadonlySet<string>): unknown {
    if (!Array.isArray(value)) {
      into.findings.refuse('schema_unreadable', pointer, 'is not a list of schemas');
      return undefined;
    }
    return value.map((child: unknown, index) => this.convert(child, below(pointer, index), into, unrequired));
  }

  #map(
    keyword: string,
    value: unknown,
    pointer: string,
    into: Conversion,
    unrequired: ReadonlySet<string>,
  ): unknown {
    if (!isObject(value)) {
      into.findings.refuse('schema_unreadable', pointer, 'is not an object of schemas');
      return undefined;
    }
    const schemas: Record<string, unknown> = {};
    for (const [name, child] of Object.entries(value)) {
      if (keyword === 'properties' && this.isHidden(child)) {
        into.losses += 1;
        continue;
      }
      if (
        keyword === 'patternProperties' &&
        readValue('pattern', name, pointer, this.#direction, into) === undefined
      ) {
        return undefined;
      }
      schemas[name] = this.convert(child, below(pointer, name), into, unrequired);
    }
    return schemas;
  }

  #lookForOthers(node: JsonObject, pointer: string, into: Conversion): void {
    for (const name of Object.keys(node)) {
      if (KNOWN.has(name) || SPENT.has(name) || name.startsWith('x-')) continue;
      const at = below(pointer, name);
      if (REFUSED.has(name)) into.findings.refuse('keyword_unsupported', at, 'changes what a schema means');
      else {
        into.findings.warn('keyword_unknown', at, 'is no keyword of a schema, and was left out');
        into.losses += 1;
      }
    }
  }
}

/** Names that only a lost pattern knew would be refused by what stands beside it. */
function openWithoutPatterns(node: JsonObject, schema: Record<string, unknown>): void {
  if (member(node, 'patternProperties') === undefined || schema['patternProperties'] !== undefined) return;
  delete schema['additionalProperties'];
  delete schema['unevaluatedProperties'];
}

/** 3.0 has one `example`, 3.1 a list of them. */
function examplesOf(node: JsonObject): unknown {
  const examples = member(node, 'examples');
  if (examples !== undefined) return examples;
  const example = member(node, 'example');
  return example === undefined ? undefined : [example];
}
