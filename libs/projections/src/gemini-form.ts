import { constraintText, describedWith } from './constraint-text.js';
import type { Difference } from './projection.js';
import { isNode, listOf, MOST_LEVELS, propertiesOf, typesOf, type SchemaNode } from './schema-node.js';

/**
 * A tool's input in the part of JSON Schema that Gemini reads in `parametersJsonSchema` (ai.google.dev, structured output,
 * 2026). V3: nothing is added, so that the arguments need no way back; what is left out only forbade something.
 */
export interface GeminiForm {
  readonly schema: SchemaNode;
  readonly relaxed: readonly Difference[];
  readonly lost: readonly Difference[];
}

const MOST_NODES = 20_000;
const KEPT = new Set([
  ...[
    '$ref',
    '$defs',
    'type',
    'title',
    'description',
    'enum',
    'format',
    'items',
    'prefixItems',
    'minItems',
    'maxItems',
  ],
  ...['minimum', 'maximum', 'anyOf', 'oneOf', 'properties', 'additionalProperties', 'required'],
]);
const FORMATS = new Set(['date-time', 'date', 'time']);
const UNSAID = new Set(['examples', 'example', 'deprecated', 'readOnly', 'writeOnly']);

export function geminiForm(input: SchemaNode): GeminiForm {
  const writer = new GeminiWriter();
  const schema = writer.node(input, '');
  return { schema: isNode(schema) ? schema : {}, relaxed: writer.relaxed, lost: writer.lost };
}

class GeminiWriter {
  readonly relaxed: Difference[] = [];
  readonly lost: Difference[] = [];
  #nodes = 0;
  #level = 0;

  node(schema: unknown, pointer: string): unknown {
    this.#nodes += 1;
    if (this.#nodes > MOST_NODES || this.#level > MOST_LEVELS) {
      if (this.lost.length === 0) this.lost.push({ pointer, what: 'size' });
      return {};
    }
    this.#level += 1;
    const written = isNode(schema) ? this.#written(schema, pointer) : schema;
    this.#level -= 1;
    return written;
  }

  #written(schema: SchemaNode, pointer: string): SchemaNode {
    // Beside a reference nothing may stand that does not begin with a dollar sign.
    if (schema['$ref'] !== undefined) {
      for (const keyword of Object.keys(schema))
        if (keyword !== '$ref') this.relaxed.push({ pointer, what: keyword });
      return { $ref: schema['$ref'] };
    }
    const result: Record<string, unknown> = {};
    const rules: string[] = [];
    for (const [keyword, value] of Object.entries(withoutConst(schema))) {
      const written = this.#keyword(keyword, value, schema, pointer);
      if (written !== undefined) result[keyword] = written;
      else if (!UNSAID.has(keyword)) {
        if (keyword !== 'default') this.relaxed.push({ pointer, what: keyword });
        const text = constraintText(keyword, value);
        if (text !== undefined) rules.push(text);
      }
    }
    const description = describedWith(schema['description'], rules);
    return description === undefined ? result : { ...result, description };
  }

  /** What stands there in Gemini's form; `undefined`: nothing. */
  #keyword(keyword: string, value: unknown, schema: SchemaNode, pointer: string): unknown {
    if (!KEPT.has(keyword)) return undefined;
    const place = `${pointer}/${keyword}`;
    switch (keyword) {
      case 'properties':
      case '$defs':
        return Object.fromEntries(
          Object.entries(isNode(value) ? value : {}).map(([name, each]) => [
            name,
            this.node(each, `${place}/${name}`),
          ]),
        );
      case 'items':
      case 'additionalProperties':
        return this.node(value, place);
      case 'anyOf':
      case 'oneOf':
      case 'prefixItems':
        return listOf(value).map((each, index) => this.node(each, `${place}/${index}`));
      case 'format':
        return FORMATS.has(String(value)) ? value : undefined;
      case 'enum':
        // Texts and numbers alone; a list that also allows null says so by its type.
        return listOf(value).every((each) => ['string', 'number'].includes(typeof each))
          ? value
          : enumWithNull(value, schema);
      case 'required':
        return listOf(value).filter((name) => Object.hasOwn(propertiesOf(schema), String(name)));
      default:
        return value;
    }
  }
}

function enumWithNull(value: unknown, schema: SchemaNode): unknown {
  const rest = listOf(value).filter((each) => each !== null);
  const isNullable = rest.length < listOf(value).length && typesOf(schema)?.includes('null') === true;
  return isNullable && rest.every((each) => typeof each === 'string' || typeof each === 'number')
    ? rest
    : undefined;
}

function withoutConst(schema: SchemaNode): SchemaNode {
  if (schema['const'] === undefined) return schema;
  const { const: only, ...rest } = schema;
  return { ...rest, enum: [only] };
}
