import { constraintText, describedWith } from './constraint-text.js';
import type { Difference } from './projection.js';
import { SchemaLocations } from './schema-locations.js';
import {
  isNode,
  listOf,
  mostLevels,
  pathOf,
  pointerTo,
  propertiesOf,
  requiredOf,
  resolved,
  typesOf,
  type SchemaNode,
} from './schema-node.js';
import { limitProblems } from './strict-limits.js';
import { aboutOthers, isKept, keptRules, words } from './strict-rules.js';

interface StrictForm {
  readonly schema: SchemaNode;
  readonly relaxed: readonly Difference[];
  /** The reasons that the tool has no strict form. If there are any, `schema` is useless. */
  readonly lost: readonly Difference[];
}

/** The most parts of a schema that are visited. */
const mostNodes = 20_000;
const nullSchema = { type: 'null' };

/**
 * Writes a tool's input for OpenAI's strict mode: every property required, every object closed, and only keywords
 * from a short list. (Supported schemas of Structured Outputs, developers.openai.com, as of February 2026.)
 *
 * - V1: the form is lossless. Every value that the input accepts has one form here, and `StrictRestorer` turns the
 *   model's arguments back into it. An absent optional argument becomes null. If null is also a valid value, the two
 *   are indistinguishable, and the form is lost.
 * - V2: the form leaves out rules that strict mode cannot express. No value is lost, because the gateway checks the
 *   arguments against the tool itself.
 */
export function strictForm(input: SchemaNode): StrictForm {
  const writer = new StrictWriter(input);
  const schema = writer.write();
  const lost =
    writer.lost.length > 0
      ? writer.lost
      : [...new SchemaLocations(input).ambiguities(), ...limitProblems(schema)];
  return { schema, relaxed: writer.relaxed, lost };
}

class StrictWriter {
  readonly relaxed: Difference[] = [];
  readonly lost: Difference[] = [];
  #nodes = 0;
  #level = 0;

  readonly #root: SchemaNode;

  constructor(root: SchemaNode) {
    this.#root = root;
  }

  write(): SchemaNode {
    const { $defs } = this.#root;
    const schema = this.#node(this.#root, '');
    const definitions = Object.entries(isNode($defs) ? $defs : {}).map(
      ([name, definition]) => [name, this.#node(definition, pointerTo('', '$defs', name))] as const,
    );
    return definitions.length === 0 ? schema : { ...schema, $defs: Object.fromEntries(definitions) };
  }

  #node(schema: unknown, pointer: string): SchemaNode {
    this.#nodes += 1;
    if (this.#nodes > mostNodes || this.#level > mostLevels) return this.#lose(pointer, 'size');
    this.#level += 1;
    const written = this.#written(schema, pointer);
    this.#level -= 1;
    return written;
  }

  #written(schema: unknown, pointer: string): SchemaNode {
    if (!isNode(schema)) return this.#lose(pointer, 'any value');
    const { $ref } = schema;
    if (typeof $ref === 'string') return this.#reference($ref, schema, pointer);
    const types = typesOf(schema);
    if (Array.isArray(schema['enum']) || schema['const'] !== undefined) return this.#values(schema, pointer);
    if (types === undefined) return this.#untyped(schema, pointer);
    const alternatives = types
      .filter((type) => type !== 'null')
      .map((type) => this.#typed(type, schema, pointer));
    const [only] = alternatives;
    if (only !== undefined && alternatives.length === 1) return types.includes('null') ? orNull(only) : only;
    if (only === undefined) return types.includes('null') ? nullSchema : this.#lose(pointer, 'type');
    return { anyOf: [...alternatives, ...(types.includes('null') ? [nullSchema] : [])] };
  }

  /**
   * Writes a reference alone: its description goes around it, and its rules are left out. It must lead to the root or
   * a definition, because other targets may change in the strict form.
   */
  #reference($ref: string, schema: SchemaNode, pointer: string): SchemaNode {
    const found = resolved(this.#root, schema);
    const path = pathOf($ref) ?? [];
    const isKept = path.length === 0 || (path.length === 2 && path[0] === '$defs');
    if (!isKept || !isNode(found) || found['$ref'] !== undefined) return this.#lose(pointer, 'reference');
    this.#relax(schema, pointer, new Set(words));
    const description = describedWith(schema['description'], []);
    return description === undefined ? { $ref } : { description, anyOf: [{ $ref }] };
  }

  #values(schema: SchemaNode, pointer: string): SchemaNode {
    const values = schema['const'] === undefined ? listOf(schema['enum']) : [schema['const']];
    if (values.length === 0 || values.some((value) => typeof value === 'object' && value !== null)) {
      return this.#lose(pointer, 'enum');
    }
    this.#relax(schema, pointer, new Set(['enum', 'const', 'type', ...words]));
    const types = [...new Set(values.map(typeName))];
    return {
      ...this.#words(schema, []),
      type: types.length === 1 ? types[0] : types,
      enum: values,
    };
  }

  /** Without a type, alternatives must define the value. */
  #untyped(schema: SchemaNode, pointer: string): SchemaNode {
    for (const keyword of ['anyOf', 'oneOf', 'allOf'] as const) {
      const alternatives = listOf(schema[keyword]);
      if (alternatives.length === 0) continue;
      if (keyword === 'allOf' && alternatives.length > 1)
        return this.#lose(pointerTo(pointer, 'allOf'), 'allOf');
      this.#relax(schema, pointer, new Set([keyword, ...words]));
      if (keyword === 'oneOf' && alternatives.length > 1) this.relaxed.push({ pointer, what: 'oneOf' });
      const anyOf = alternatives.map((each, index) => this.#node(each, pointerTo(pointer, keyword, index)));
      return { ...this.#words(schema, []), anyOf };
    }
    return this.#lose(pointer, 'any value');
  }

  #typed(type: string, schema: SchemaNode, pointer: string): SchemaNode {
    const kept = new Set(['type', ...words, ...aboutOthers(type), ...keptRules(type)]);
    if (type === 'object') return this.#object(schema, pointer, kept);
    if (type === 'array') return this.#array(schema, pointer, kept);
    const rules = this.#relax(schema, pointer, kept);
    const result: Record<string, unknown> = { ...this.#words(schema, rules), type };
    for (const keyword of keptRules(type)) {
      const value = schema[keyword];
      if (value === undefined) continue;
      if (isKept(keyword, value)) result[keyword] = value;
      else {
        this.relaxed.push({ pointer, what: keyword });
        const text = constraintText(keyword, value);
        const description = describedWith(result['description'], text === undefined ? [] : [text]);
        if (description !== undefined) result['description'] = description;
      }
    }
    return result;
  }

  #object(schema: SchemaNode, pointer: string, kept: Set<string>): SchemaNode {
    if (schema['additionalProperties'] !== false || schema['patternProperties'] !== undefined) {
      return this.#lose(pointer, 'open object');
    }
    const required = requiredOf(schema);
    const properties = Object.entries(propertiesOf(schema)).map(([name, property]) => {
      const node = this.#node(property, pointerTo(pointer, 'properties', name));
      return [name, required.has(name) ? node : orNull(node)] as const;
    });
    for (const name of required) {
      if (!Object.hasOwn(propertiesOf(schema), name)) this.#lose(pointer, 'required and not described');
    }
    const rules = this.#relax(
      schema,
      pointer,
      kept.add('properties').add('required').add('additionalProperties').add('$defs'),
    );
    return {
      ...this.#words(schema, rules),
      type: 'object',
      properties: Object.fromEntries(properties),
      required: properties.map(([name]) => name),
      additionalProperties: false,
    };
  }

  #array(schema: SchemaNode, pointer: string, kept: Set<string>): SchemaNode {
    if (schema['prefixItems'] !== undefined) return this.#lose(pointer, 'prefixItems');
    const rules = this.#relax(schema, pointer, kept.add('items'));
    const bounds = ['minItems', 'maxItems'].flatMap((keyword) =>
      typeof schema[keyword] === 'number' ? [[keyword, schema[keyword]] as const] : [],
    );
    return {
      ...this.#words(schema, rules),
      type: 'array',
      items: this.#node(schema['items'], pointerTo(pointer, 'items')),
      ...Object.fromEntries(bounds),
    };
  }

  /** Notes the rules that are left out. Returns the words for the rules that words can express. */
  #relax(schema: SchemaNode, pointer: string, kept: ReadonlySet<string>): string[] {
    const rules: string[] = [];
    for (const [keyword, value] of Object.entries(schema)) {
      if (kept.has(keyword) || keyword.startsWith('$')) continue;
      this.relaxed.push({ pointer, what: keyword });
      const text = constraintText(keyword, value);
      if (text !== undefined) rules.push(text);
    }
    return rules;
  }

  #words(schema: SchemaNode, rules: readonly string[]): SchemaNode {
    const fallback =
      schema['default'] === undefined ? [] : [constraintText('default', schema['default']) ?? ''];
    const description = describedWith(schema['description'] ?? schema['title'], [...rules, ...fallback]);
    return description === undefined ? {} : { description };
  }

  #lose(pointer: string, what: string): SchemaNode {
    this.lost.push({ pointer, what });
    return {};
  }
}

function orNull(schema: SchemaNode): SchemaNode {
  const { type } = schema;
  if (Array.isArray(schema['enum'])) {
    if (schema['enum'].includes(null)) return schema;
    return {
      ...schema,
      type: [...new Set([type, 'null'].flat())],
      enum: [...(schema['enum'] as unknown[]), null],
    };
  }
  if (typeof type === 'string') return type === 'null' ? schema : { ...schema, type: [type, 'null'] };
  if (Array.isArray(type))
    return type.includes('null') ? schema : { ...schema, type: [...(type as unknown[]), 'null'] };
  return Array.isArray(schema['anyOf'])
    ? { ...schema, anyOf: [...(schema['anyOf'] as unknown[]), nullSchema] }
    : { anyOf: [schema, nullSchema] };
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
