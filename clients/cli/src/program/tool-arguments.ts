import type { JsonObject, JsonValue } from '@action-mesh/kernel';
import { nearestMatch } from '@action-mesh/tools';

import { CliUsageError } from '../cli.errors.js';

type Schema = Readonly<Record<string, unknown>>;

/**
 * The arguments out of `name=value` words. The schema of the tool gives each value its type; repeated words of a list
 * become its items. Throws `CliUsageError` for an unknown name or a value of another type.
 */
export function toolArguments(words: readonly string[], input: Schema): JsonObject {
  const known = membersOf(input, input);
  const given = new Map<string, string[]>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new CliUsageError('-a takes name=value.');
    const name = word.slice(0, at);
    if (known !== undefined && !Object.hasOwn(known, name)) throw unknownName(name, Object.keys(known));
    given.set(name, [...(given.get(name) ?? []), word.slice(at + 1)]);
  }
  const result: Record<string, JsonValue> = {};
  for (const [name, values] of given) {
    Object.defineProperty(result, name, {
      value: valueOf(name, values, known?.[name] ?? {}, input),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}

function unknownName(name: string, known: readonly string[]): CliUsageError {
  const near = nearestMatch(name, known);
  const hint = near === undefined ? `It has: ${known.join(', ') || 'none'}.` : `Did you mean ${near}?`;
  return new CliUsageError(`The tool has no argument ${name}. ${hint}`);
}

/** The declared members; undefined when the schema does not list them. */
function membersOf(schema: Schema, root: Schema): Schema | undefined {
  const { properties, additionalProperties, $ref, allOf, anyOf, oneOf } = followed(schema, root);
  if ($ref !== undefined || allOf !== undefined || anyOf !== undefined || oneOf !== undefined)
    return undefined;
  if (typeof properties !== 'object' || properties === null) return undefined;
  const isOpen = additionalProperties !== false && Object.keys(properties).length === 0;
  return isOpen ? undefined : (properties as Schema);
}

/** The schema behind references within the document. A chain of references is bounded. */
function followed(schema: Schema, root: Schema): Schema {
  let at = schema;
  for (let hop = 0; hop < 10 && typeof at['$ref'] === 'string' && at['$ref'].startsWith('#'); hop++) {
    let target: unknown = root;
    for (const part of at['$ref'].slice(1).split('/').slice(1)) {
      const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      target =
        typeof target === 'object' && target !== null && Object.hasOwn(target, name)
          ? (target as Schema)[name]
          : undefined;
    }
    if (typeof target !== 'object' || target === null) return {};
    at = target as Schema;
  }
  return at;
}

/** Unions within unions: a schema may refer to itself. */
const deepestUnion = 3;

function typesOf(schema: unknown, root: Schema, depth = 0): readonly string[] {
  if (typeof schema !== 'object' || schema === null || depth > deepestUnion) return [];
  const { type, anyOf, oneOf, enum: values, const: only } = followed(schema as Schema, root);
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.filter((one): one is string => typeof one === 'string');
  const parts = [anyOf, oneOf].find((list) => Array.isArray(list)) as readonly unknown[] | undefined;
  if (parts !== undefined) {
    return [...new Set(parts.slice(0, 20).flatMap((part) => typesOf(part, root, depth + 1)))];
  }
  const listed = Array.isArray(values) ? (values as unknown[]) : only === undefined ? [] : [only];
  return [...new Set(listed.map((value) => (value === null ? 'null' : typeof value)))];
}

function valueOf(name: string, texts: readonly string[], schema: unknown, root: Schema): JsonValue {
  const types = typesOf(schema, root);
  const [text = '', ...others] = texts;
  if (types.includes('array') && (others.length > 0 || !text.trimStart().startsWith('['))) {
    const items = followed(schema as Schema, root)['items'] ?? {};
    return texts.map((item) => valueOf(name, [item], items, root));
  }
  if (others.length > 0) throw new CliUsageError(`-a ${name}=… is given more than once.`);
  if (types.includes('string')) return text === 'null' && types.includes('null') ? null : text;
  const value = loose(text);
  if (types.length === 0) return value;
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const fits =
    types.includes(kind) || (kind === 'number' && types.includes('integer') && Number.isSafeInteger(value));
  if (!fits) throw new CliUsageError(`-a ${name}=… must be of the type ${types.join(' or ')}.`);
  return value;
}

/** JSON where the text is JSON, else the text. A number that would be rounded stays text. */
function loose(text: string): JsonValue {
  if (!/^\s*([[{"]|-?\d|true\s*$|false\s*$|null\s*$)/.test(text)) return text;
  try {
    const value = JSON.parse(text) as JsonValue;
    return typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(text.trim())
      ? text
      : value;
  } catch {
    return text;
  }
}
