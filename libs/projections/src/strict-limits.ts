import type { Difference } from './projection.js';
import { isNode, listOf, propertiesOf, type SchemaNode } from './schema-node.js';

/** The largest strict schema that OpenAI accepts (Structured Outputs, developers.openai.com, February 2026). */
const strictLimits = {
  properties: 5_000,
  levels: 10,
  enumValues: 1_000,
  characters: 120_000,
  /** The values of an enum with more values than this may have at most `longEnumCharacters` characters in all. */
  longEnum: 250,
  longEnumCharacters: 15_000,
} as const;

/** The limits of OpenAI that a strict schema exceeds. */
export function limitProblems(schema: SchemaNode): Difference[] {
  const size = { properties: 0, levels: 0, enumValues: 0, characters: 0, isLongEnumTooLong: false };
  measure(schema, 1, size);
  return [
    ...over('properties', size.properties, strictLimits.properties),
    ...over('levels', size.levels, strictLimits.levels),
    ...over('enum values', size.enumValues, strictLimits.enumValues),
    ...over('characters', size.characters, strictLimits.characters),
    ...(size.isLongEnumTooLong ? [{ pointer: '', what: 'too long an enum' }] : []),
  ];
}

interface Size {
  properties: number;
  levels: number;
  enumValues: number;
  characters: number;
  isLongEnumTooLong: boolean;
}

function measure(schema: unknown, level: number, size: Size): void {
  if (!isNode(schema)) return;
  size.levels = Math.max(size.levels, level);
  const values = [...listOf(schema['enum']), ...(schema['const'] === undefined ? [] : [schema['const']])];
  const characters = values.reduce<number>((sum, value) => sum + String(value).length, 0);
  size.enumValues += values.length;
  size.characters += characters;
  if (values.length > strictLimits.longEnum && characters > strictLimits.longEnumCharacters) {
    size.isLongEnumTooLong = true;
  }
  const properties = Object.entries(propertiesOf(schema));
  size.properties += properties.length;
  for (const [name, property] of properties) {
    size.characters += name.length;
    measure(property, level + 1, size);
  }
  measure(schema['items'], level + 1, size);
  for (const each of listOf(schema['anyOf'])) measure(each, level, size);
  for (const [name, definition] of Object.entries(isNode(schema['$defs']) ? schema['$defs'] : {})) {
    size.characters += name.length;
    measure(definition, 1, size);
  }
}

function over(what: string, is: number, most: number): Difference[] {
  return is > most ? [{ pointer: '', what: `${is} ${what}, and ${most} is the most` }] : [];
}
