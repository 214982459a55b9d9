import { collapsedAt, withDefinitions } from './collapsed-input.js';
import type { JsonSchema } from './validate/json-schema.js';
import { nearestMatch } from './validate/nearest-match.js';
import { schemasWithin, type SchemaPlace } from './validate/schema-places.js';

/** The most characters of a part that is shown whole: some 2,000 tokens. */
const wholePartCharacters = 8_000;
const mostNearest = 3;
const member = /\/properties\/[^/]*$/;

/** A part of an input that stands alone, or the nearest pointers if the given one leads nowhere. */
export type InputPart = { readonly schema: JsonSchema } | { readonly nearest: readonly string[] };

/**
 * The part of an input at a JSON pointer, with the definitions that it needs. A large part keeps its own members
 * collapsed, and each hint names the next pointer to ask for.
 */
export function inputPart(input: JsonSchema, collapsed: readonly string[], pointer: string): InputPart {
  const part = partAt(input, pointer);
  if (part === undefined) return { nearest: nearest(input, collapsed, pointer) };
  const whole = withDefinitions(part, input['$defs']);
  const within = collapsed.filter((each) => each !== pointer && !pointer.startsWith(`${each}/`));
  if (within.length === 0 || JSON.stringify(whole).length <= wholePartCharacters) return { schema: whole };
  const shown = collapsedAt(input, within);
  return { schema: withDefinitions(partAt(shown, pointer) ?? part, shown['$defs']) };
}

function partAt(input: JsonSchema, pointer: string): JsonSchema | undefined {
  return placesOf(input).find((place) => place.pointer === pointer)?.schema;
}

/** All schemas of an input, level by level. */
function placesOf(input: JsonSchema): readonly SchemaPlace[] {
  const places: SchemaPlace[] = [{ schema: input, pointer: '' }];
  // The loop also visits the elements added during the loop.
  for (const place of places) places.push(...schemasWithin(place));
  return places;
}

/** Members with the given name or a similar one, else collapsed members, else the members of the input itself. */
function nearest(input: JsonSchema, collapsed: readonly string[], pointer: string): readonly string[] {
  const given = pointer.split(/[/.]/);
  const members = placesOf(input)
    .map((place) => place.pointer)
    .filter((each) => member.test(each));
  const name = nearestMatch(given.at(-1) ?? '', [...new Set(members.map(lastOf))]);
  const named = members.filter((each) => lastOf(each) === name);
  const candidates = [named, collapsed, members].find((each) => each.length > 0) ?? [];
  const shared = (each: string): number => each.split('/').filter((token) => given.includes(token)).length;
  return [...candidates].sort((left, right) => shared(right) - shared(left)).slice(0, mostNearest);
}

function lastOf(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf('/') + 1);
}
