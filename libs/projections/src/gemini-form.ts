import { constraintText, describedWith } from './constraint-text.js';
import type { Difference } from './projection.js';
import {
  isNode,
  listOf,
  mostLevels,
  pointerTo,
  propertiesOf,
  target,
  typesOf,
  type SchemaNode,
} from './schema-node.js';
import { words } from './strict-rules.js';

interface GeminiForm {
  readonly schema: SchemaNode;
  readonly relaxed: readonly Difference[];
  /** The place from which the schema was too large to write in full. */
  readonly lost: readonly Difference[];
}

const mostNodes = 20_000;
/** Keywords that are copied unchanged. */
const same: ReadonlySet<string> = new Set([
  'type',
  'title',
  'description',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
]);
const formats = new Set(['date-time', 'date', 'time']);
/** Annotations that are dropped without a report. `definitions` applies only through references. */
const unsaid = new Set([
  'examples',
  'example',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$comment',
  'definitions',
]);
const choiceKeywords: ReadonlySet<string> = new Set(['type', 'enum', 'const']);

/**
 * Writes a tool's input in the part of JSON Schema that Gemini reads in `parametersJsonSchema` (ai.google.dev,
 * structured output, 2026). V3: the form adds nothing, so arguments need no way back. It leaves out only restrictions
 * (V5).
 */
export function geminiForm(input: SchemaNode): GeminiForm {
  const writer = new GeminiWriter();
  const schema = writer.root(input);
  return { schema, relaxed: writer.relaxed, lost: writer.lost };
}

class GeminiWriter {
  readonly relaxed: Difference[] = [];
  readonly lost: Difference[] = [];
  readonly #references: { readonly node: { $ref?: unknown }; readonly pointer: string }[] = [];
  #nodes = 0;
  #level = 0;

  root(input: SchemaNode): SchemaNode {
    const schema = this.#rules(input, '');
    // The target of a reference may have been left out.
    for (const { node, pointer } of this.#references) {
      if (target(schema, node.$ref) !== undefined) continue;
      delete node.$ref;
      this.relaxed.push({ pointer, what: '$ref' });
    }
    return schema;
  }

  #node(schema: unknown, pointer: string): unknown {
    this.#nodes += 1;
    if (this.#nodes > mostNodes || this.#level > mostLevels) {
      if (this.lost.length === 0) this.lost.push({ pointer, what: 'size' });
      return {};
    }
    if (!isNode(schema)) return schema;
    this.#level += 1;
    const written =
      schema['$ref'] === undefined ? this.#rules(schema, pointer) : this.#reference(schema, pointer);
    this.#level -= 1;
    return written;
  }

  /** Beside a reference, Gemini allows only keywords that begin with a dollar sign. */
  #reference({ $ref, $defs, ...beside }: SchemaNode, pointer: string): SchemaNode {
    for (const what of Object.keys(beside)) {
      if (!words.has(what) && !unsaid.has(what)) this.relaxed.push({ pointer, what });
    }
    const node = { $ref, ...($defs === undefined ? {} : { $defs: this.#byName($defs, pointer, '$defs') }) };
    this.#references.push({ node, pointer });
    return node;
  }

  #rules(schema: SchemaNode, pointer: string): SchemaNode {
    const choice = choiceOf(schema);
    const result: Record<string, unknown> = {};
    const rules: string[] = [];
    for (const [keyword, value] of Object.entries(schema)) {
      if (choice !== undefined && choiceKeywords.has(keyword)) continue;
      const written = same.has(keyword) ? { [keyword]: value } : this.#rule(keyword, value, schema, pointer);
      if (written !== undefined) Object.assign(result, written);
      else if (!unsaid.has(keyword)) {
        if (keyword !== 'default') this.relaxed.push({ pointer, what: keyword });
        const text = constraintText(keyword, value);
        if (text !== undefined) rules.push(text);
      }
    }
    const description = describedWith(schema['description'], rules);
    return { ...result, ...choice, ...(description === undefined ? {} : { description }) };
  }

  /** The keywords for a rule in Gemini's form, or `undefined` if Gemini has none. */
  #rule(keyword: string, value: unknown, schema: SchemaNode, pointer: string): SchemaNode | undefined {
    switch (keyword) {
      case 'properties':
      case '$defs':
        return { [keyword]: this.#byName(value, pointer, keyword) };
      case 'additionalProperties':
        // With `patternProperties` left out, a name that matches a pattern would count as additional.
        if (schema['patternProperties'] !== undefined) return undefined;
        return { [keyword]: this.#node(value, pointerTo(pointer, keyword)) };
      case 'items':
        return { [keyword]: this.#node(value, pointerTo(pointer, keyword)) };
      case 'prefixItems':
        return { [keyword]: this.#list(value, pointer, keyword) };
      case 'anyOf':
      case 'oneOf':
      case '$ref':
        return keyword === alternativesOf(schema) ? this.#alternatives(keyword, value, pointer) : undefined;
      case 'allOf':
        // An `allOf` of one part equals that part. Documents use it to put a description or null beside a reference.
        if (listOf(value).length !== 1 || alternativesOf(schema) !== undefined) return undefined;
        return { anyOf: this.#list(value, pointer, keyword) };
      case 'format':
        return formats.has(String(value)) ? { format: value } : undefined;
      case 'required':
        return { required: this.#required(schema, pointer) };
      default:
        return undefined;
    }
  }

  /** More than one alternative may fit, because some rules that separated them are left out. */
  #alternatives(
    keyword: 'anyOf' | 'oneOf' | '$ref',
    value: unknown,
    pointer: string,
  ): SchemaNode | undefined {
    if (keyword === '$ref') return { anyOf: [this.#reference({ $ref: value }, pointer)] };
    // Gemini's form requires only names that it describes beside `required`.
    if (listOf(value).every(onlyRequires)) return undefined;
    if (keyword === 'oneOf') this.relaxed.push({ pointer, what: 'oneOf' });
    return { anyOf: this.#list(value, pointer, keyword) };
  }

  #required(schema: SchemaNode, pointer: string): unknown[] {
    const names = listOf(schema['required']);
    const described = names.filter((name) => Object.hasOwn(propertiesOf(schema), String(name)));
    if (described.length < names.length) this.relaxed.push({ pointer, what: 'required' });
    return described;
  }

  #byName(value: unknown, pointer: string, keyword: string): SchemaNode {
    return Object.fromEntries(
      Object.entries(isNode(value) ? value : {}).map(([name, each]) => [
        name,
        this.#node(each, pointerTo(pointer, keyword, name)),
      ]),
    );
  }

  #list(value: unknown, pointer: string, keyword: string): unknown[] {
    return listOf(value).map((each, index) => this.#node(each, pointerTo(pointer, keyword, index)));
  }
}

function onlyRequires(schema: unknown): boolean {
  return isNode(schema) && schema['required'] !== undefined && Object.keys(schema).length === 1;
}

/**
 * The keyword with the alternatives to keep, because the form has one list of them. A reference at the root must
 * become an alternative too.
 */
function alternativesOf(schema: SchemaNode): 'anyOf' | 'oneOf' | '$ref' | undefined {
  return (['anyOf', 'oneOf', '$ref'] as const).find((keyword) => schema[keyword] !== undefined);
}

/**
 * The type and values of a schema that lists values. Gemini lists only texts and numbers, so null becomes an
 * alternative. A list with any other value is dropped.
 */
function choiceOf(schema: SchemaNode): SchemaNode | undefined {
  const listed = schema['const'] === undefined ? listOf(schema['enum']) : [schema['const']];
  const values = listed.filter((value) => value !== null);
  if (listed.length === 0 || !values.every((value) => ['string', 'number'].includes(typeof value))) {
    return undefined;
  }
  if (values.length === 0) return { type: 'null' };
  const types = typesOf(schema);
  const isNullable = values.length < listed.length && types?.includes('null') !== false;
  if (!isNullable) return { ...(types === undefined ? {} : { type: schema['type'] }), enum: values };
  if (alternativesOf(schema) !== undefined) return undefined;
  const [type, ...more] = types?.filter((each) => each !== 'null') ?? [];
  const choice = type === undefined ? {} : { type: more.length === 0 ? type : [type, ...more] };
  return { anyOf: [{ ...choice, enum: values }, { type: 'null' }] };
}
