import { arrayOf, docComment, intersectionOf, literalType, propertyName, unionOf } from './type-text.js';

/** The type's name for a reference, such as `#/$defs/node`. Undefined: the writer writes `unknown`. */
export type ReferenceNames = (reference: string) => string | undefined;

type Schema = Readonly<Record<string, unknown>>;

/** Deeper parts of a schema become `unknown`, so that a hostile schema cannot overflow the stack. */
const mostLevels = 60;
/** A list of fixed length longer than this becomes an array. */
const longestTuple = 20;

/**
 * Writes JSON Schemas (2020-12) as TypeScript types. A type accepts every value that its schema accepts: a rule that
 * TypeScript cannot express, such as a pattern, is left out. The same schema always gives the same text.
 */
export class TypeWriter {
  readonly #nameOf: ReferenceNames;
  readonly #withComments: boolean;

  constructor(nameOf: ReferenceNames, options: { readonly comments?: boolean } = {}) {
    this.#nameOf = nameOf;
    this.#withComments = options.comments ?? true;
  }

  /** The text of a type. Lines after the first one are indented by `indent`. */
  write(schema: unknown, indent = ''): string {
    return this.#type(schema, indent, 0);
  }

  #type(schema: unknown, indent: string, level: number): string {
    if (schema === false) return 'never';
    if (!isObject(schema) || level > mostLevels) return 'unknown';
    const parts: string[] = [];
    if (typeof schema['$ref'] === 'string') parts.push(this.#nameOf(schema['$ref']) ?? 'unknown');
    if ('const' in schema) parts.push(literalType(schema['const']));
    else if (Array.isArray(schema['enum'])) parts.push(unionOf(schema['enum'].map(literalType)));
    else parts.push(this.#byType(schema, indent, level));
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = listOf(schema[keyword]);
      if (branches.length > 0)
        parts.push(unionOf(branches.map((branch) => this.#type(branch, indent, level + 1))));
    }
    for (const branch of listOf(schema['allOf'])) parts.push(this.#type(branch, indent, level + 1));
    return intersectionOf(parts);
  }

  #byType(schema: Schema, indent: string, level: number): string {
    const { type } = schema;
    if (typeof type === 'string') return this.#ofType(type, schema, indent, level);
    if (Array.isArray(type))
      return unionOf(type.map((name) => this.#ofType(String(name), schema, indent, level)));
    // Without a type, `properties` says nothing about a value that is no object. Authors mean an object.
    return isObject(schema['properties']) ? this.#object(schema, indent, level) : 'unknown';
  }

  #ofType(type: string, schema: Schema, indent: string, level: number): string {
    switch (type) {
      case 'string':
      case 'boolean':
      case 'null':
        return type;
      case 'integer':
      case 'number':
        return 'number';
      case 'array':
        return this.#array(schema, indent, level);
      case 'object':
        return this.#object(schema, indent, level);
      default:
        return 'unknown';
    }
  }

  #array(schema: Schema, indent: string, level: number): string {
    const items = this.#type(schema['items'], indent, level + 1);
    const first = listOf(schema['prefixItems']);
    if (first.length === 0) return arrayOf(items);
    const types = first.map((item) => this.#type(item, indent, level + 1));
    const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0;
    if (first.length > longestTuple) return arrayOf(unionOf([...types, items]));
    const members = types.map((type, index) => (index < least ? type : `(${type})?`));
    return `[${[...members, ...(schema['items'] === false ? [] : [`...${arrayOf(items)}`])].join(', ')}]`;
  }

  #object(schema: Schema, indent: string, level: number): string {
    const properties = isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
    const additional = schema['additionalProperties'];
    if (properties.length === 0) {
      if (additional === false && !isObject(schema['patternProperties'])) return 'Record<string, never>';
      const values = isObject(additional) ? this.#type(additional, indent, level + 1) : 'unknown';
      return `Record<string, ${values}>`;
    }
    const required = new Set(listOf(schema['required']));
    const inner = `${indent}  `;
    const members = properties.map(([name, value]) => {
      const comment = this.#comment(value, inner);
      const sign = required.has(name) ? '' : '?';
      return `${comment}${inner}${propertyName(name)}${sign}: ${this.#type(value, inner, level + 1)};\n`;
    });
    // A value of another name may have any type, also where the schema is narrower: an index has to fit each member.
    const open = additional === true || isObject(additional) ? `${inner}[name: string]: unknown;\n` : '';
    return `{\n${members.join('')}${open}${indent}}`;
  }

  #comment(schema: unknown, indent: string): string {
    if (!this.#withComments || !isObject(schema)) return '';
    return typeof schema['description'] === 'string' ? docComment(schema['description'], indent) : '';
  }
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
