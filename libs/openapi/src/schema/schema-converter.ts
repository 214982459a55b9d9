import type { JsonSchema } from '@action-mesh/tools';

import type { OpenApiDocument } from '../document/openapi-document.js';
import { below } from '../finding.js';
import { isJsonObject, member, stringAt, type ReadonlyJsonObject } from '../json-object.js';
import { saysTheSame } from '../text.js';
import { settleFormat } from './annotated-format.js';
import { ClosedParts, openObject } from './closed-parts.js';
import {
  alone,
  Conversion,
  DefinitionNames,
  mostSchemas,
  type Definition,
  type Surroundings,
} from './definition.js';
import { ExampleEvidence } from './example-evidence.js';
import { changesReferences, inPlace, keywords, spent } from './keywords.js';
import { fitListedValues } from './listed-values.js';
import { acceptNull, readNumbersOf30 } from './openapi-30.js';
import { dropRequired, MemberMarks } from './member-marks.js';
import { dropIdleKeywords, relaxKeyword, warnOfRelaxation } from './relaxation.js';
import { readValue } from './value-keywords.js';

/** The direction of a schema: `input` for requests, without read-only members, or `output` for answers. */
export type SchemaDirection = 'input' | 'output';

const known = new Set(keywords.map(([name]) => name));

/**
 * Turns the schemas of a document into JSON Schema 2020-12.
 *
 * - S1: a reference stays a reference, and its target becomes a definition. Nothing is unfolded, so neither recursion
 *   nor nested references cost much.
 * - S2: each definition is converted once, when the first operation needs it, and never during the conversion of
 *   another. So no chain of references is too long for the stack.
 * - S3: a part that 2020-12 cannot express, or that cannot be read, is left out with a warning and accepts anything.
 *   Beneath `not`, `if` and `oneOf` a missing part would refuse more, so the keyword around it is left out instead.
 * - S4: a member of the other direction is never required, in any `allOf` part, alternative or condition of the same
 *   value. An alternative that requires nothing else accepts everything.
 * - S5: an input accepts any one of its alternatives, because documents write `oneOf` over open objects, and several
 *   of them fit. A format is checked if the document's own examples have it. Otherwise it is only a remark.
 * - S6: a closed part of an input does not exclude the members of the other parts. The object as a whole is closed
 *   instead.
 */
export class SchemaConverter {
  readonly #document: OpenApiDocument;
  readonly #direction: SchemaDirection;
  readonly #names = new DefinitionNames();
  readonly #marks: MemberMarks;
  readonly #closed: ClosedParts;
  readonly #evidence: ExampleEvidence;

  constructor(document: OpenApiDocument, direction: SchemaDirection) {
    this.#document = document;
    this.#direction = direction;
    this.#marks = new MemberMarks(document, direction === 'input' ? 'readOnly' : 'writeOnly');
    this.#evidence = new ExampleEvidence(document);
    this.#closed = new ClosedParts(document, (schema) => this.isHidden(schema));
  }

  convert(node: unknown, pointer: string, into: Conversion, around = alone): JsonSchema | boolean {
    into.schemas += 1;
    // The schema will be refused as too large, so the rest does not matter.
    if (typeof node === 'boolean' || into.schemas > mostSchemas) return node !== false;
    if (!isJsonObject(node)) return anything(pointer, 'is not a schema', into);
    if (changesReferences.some((keyword) => Object.hasOwn(node, keyword))) {
      return anything(pointer, 'contains a dynamic reference', into);
    }
    const reference = stringAt(node, '$ref');
    if (reference === undefined) return this.#keywords(node, pointer, into, {}, around);
    const isAlone = !this.#document.hasJsonSchema;
    const definition = this.#refer(reference, pointer, into, isAlone ? around : this.#within(node, around));
    const schema = definition === undefined ? {} : { $ref: `#/$defs/${definition.name}` };
    if (!isAlone) return this.#keywords(node, pointer, into, schema, around);
    // In OpenAPI 3.0, members beside a reference do not count. A description is harmless, and authors intend null.
    const description = readValue('description', member(node, 'description'), pointer, this.#direction, into);
    const described = description === undefined ? schema : { ...schema, description };
    return member(node, 'nullable') === true ? acceptNull(described) : described;
  }

  /** Whether a member does not belong to this direction: only the provider sets it, or it never returns it. */
  isHidden(node: unknown): boolean {
    return this.#marks.isHidden(node);
  }

  /** Converts a definition unless that is already done. */
  complete(definition: Definition): Conversion {
    if (definition.converted === undefined) {
      const into = new Conversion();
      const schema = this.convert(definition.source, definition.pointer, into, definition.around);
      definition.converted = { schema, conversion: into };
    }
    return definition.converted.conversion;
  }

  /**
   * Adds the schema's own keywords to the keywords that apply to the value around it, for the parts of the schema.
   */
  #within(node: ReadonlyJsonObject, around: Surroundings): Surroundings {
    const hidden = this.#marks.hiddenIn(node);
    const unrequired = hidden.size === 0 ? around.unrequired : new Set([...around.unrequired, ...hidden]);
    return { unrequired, isOpened: around.isOpened || this.#excludesMembers(node) };
  }

  #excludesMembers(node: ReadonlyJsonObject): boolean {
    return this.#direction === 'input' && this.#closed.excludeMembers(node);
  }

  #refer(reference: string, pointer: string, into: Conversion, around: Surroundings): Definition | undefined {
    const at = below(pointer, '$ref');
    const found = this.#document.target(reference);
    if (!found.ok) {
      into.findings.warn(found.code, at, `${found.message}; that part accepts anything`);
      into.losses += 1;
      return undefined;
    }
    const definition = this.#names.at(found.pointer, found.value, {
      unrequired: this.#marks.askedFor(found.value, around.unrequired),
      isOpened: around.isOpened && this.#closed.areIn(found.value),
    });
    into.uses.add(definition);
    return definition;
  }

  #keywords(
    source: ReadonlyJsonObject,
    pointer: string,
    into: Conversion,
    start: Readonly<Record<string, unknown>>,
    around: Surroundings,
  ): JsonSchema {
    const within = this.#within(source, around);
    // The schema around the alternatives does not require the members that one of them hides. The other alternatives
    // require them themselves.
    const ever = this.#marks.everHiddenIn(source);
    const asked =
      ever.size === 0 ? within : { ...within, unrequired: new Set([...within.unrequired, ...ever]) };
    const node = this.#document.hasJsonSchema ? source : readNumbersOf30(source);
    const schema: Record<string, unknown> = { ...start };
    const loose: string[] = [];
    for (const [name, kind] of keywords) {
      const value = name === 'examples' ? examplesOf(node) : member(node, name);
      if (value === undefined) continue;
      const at = below(pointer, name);
      const before = into.losses;
      const around = !inPlace.has(name) ? alone : name === 'allOf' ? asked : within;
      const read =
        kind === 'value'
          ? readValue(name, value, pointer, this.#direction, into)
          : kind === 'schema'
            ? this.convert(value, at, into, around)
            : kind === 'list'
              ? this.#list(value, at, into, around)
              : this.#map(name, value, at, into, around);
      if (read !== undefined) schema[name] = read;
      if (into.losses > before) loose.push(name);
    }
    this.#lookForOthers(node, pointer, into);
    if (dropRequired(schema, asked.unrequired)) into.losses += 1;
    openWithoutPatterns(node, schema);
    for (const name of loose) if (relaxKeyword(schema, name)) warnOfRelaxation(into, below(pointer, name));
    dropIdleKeywords(schema);
    if (within.isOpened) this.#open(schema, around.isOpened, pointer, into);
    if (this.#direction === 'input' && relaxKeyword(schema, 'oneOf')) into.losses += 1;
    const isNullable = member(node, 'nullable') === true || member(node, 'x-nullable') === true;
    fitListedValues(schema, isNullable, pointer, into);
    dropRepetition(schema);
    if (this.#direction === 'input' && schema['format'] !== undefined) {
      settleFormat(schema, this.#evidence.valuesOf(source), into);
    }
    return isNullable ? acceptNull(schema) : schema;
  }

  /** S6: the outermost object of the parts is closed if one of them was. */
  #open(schema: Record<string, unknown>, isPart: boolean, pointer: string, into: Conversion): void {
    if (openObject(schema)) into.losses += 1;
    if (isPart) return;
    into.losses += 1;
    schema['unevaluatedProperties'] = false;
    into.findings.warn(
      'closed_part',
      pointer,
      'has a part that excludes the members of another; it was closed as a whole instead',
    );
  }

  #list(value: unknown, pointer: string, into: Conversion, around: Surroundings): unknown {
    if (Array.isArray(value) && value.length > 0) {
      return value.map((child: unknown, index) => this.convert(child, below(pointer, index), into, around));
    }
    leaveOut(pointer, 'is not a list of schemas', into);
    return undefined;
  }

  #map(keyword: string, value: unknown, pointer: string, into: Conversion, around: Surroundings): unknown {
    if (!isJsonObject(value)) {
      leaveOut(pointer, 'is not an object of schemas', into);
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
      schemas[name] = this.convert(child, below(pointer, name), into, around);
    }
    return schemas;
  }

  #lookForOthers(node: ReadonlyJsonObject, pointer: string, into: Conversion): void {
    for (const name of Object.keys(node)) {
      if (known.has(name) || spent.has(name) || name.startsWith('x-')) continue;
      into.findings.warn(
        'keyword_unknown',
        below(pointer, name),
        'is no schema keyword that the mesh supports, and was left out',
      );
      into.losses += 1;
    }
  }
}

/** A lost pattern may have declared names. The keywords beside it would refuse these names, so they are removed. */
function openWithoutPatterns(node: ReadonlyJsonObject, schema: Record<string, unknown>): void {
  if (member(node, 'patternProperties') === undefined || schema['patternProperties'] !== undefined) return;
  delete schema['additionalProperties'];
  delete schema['unevaluatedProperties'];
}

/** OpenAPI 3.0 has one `example`, 3.1 a list. */
function examplesOf(node: ReadonlyJsonObject): unknown {
  const examples = member(node, 'examples');
  if (examples !== undefined) return examples;
  const example = member(node, 'example');
  return example === undefined ? undefined : [example];
}

/** A description that repeats the title has no further information. */
function dropRepetition(schema: Record<string, unknown>): void {
  const { title, description } = schema;
  if (typeof title === 'string' && typeof description === 'string' && saysTheSame(title, description))
    delete schema['description'];
}

/** Replaces a schema that cannot be read. */
function anything(pointer: string, reason: string, into: Conversion): true {
  into.findings.warn('schema_unreadable', pointer, `${reason}; that part accepts anything`);
  into.losses += 1;
  return true;
}

function leaveOut(pointer: string, reason: string, into: Conversion): void {
  into.findings.warn('schema_unreadable', pointer, `${reason}, and was left out`);
  into.losses += 1;
}
