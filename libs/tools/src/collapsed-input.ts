import { defined } from '@action-mesh/kernel';

import type { JsonSchema } from './validate/json-schema.js';
import { isObject } from './validate/json-object.js';
import { resolveLocal } from './validate/object-schema.js';

/**
 * An input as lists of tools show it. The schemas at the pointers are open, and a hint explains how to get the full
 * schema. It accepts every value that the input accepts. Definitions without a reference are left out.
 */
export function collapsedInput(input: JsonSchema, pointers: readonly string[]): JsonSchema {
  if (pointers.length === 0) return input;
  const { $defs: definitions, ...shown } = collapsedAt(input, pointers);
  return withDefinitions(shown, definitions);
}

/** The input with open schemas at the pointers, and all its definitions. */
export function collapsedAt(input: JsonSchema, pointers: readonly string[]): JsonSchema {
  const copy = structuredClone(input) as Record<string, unknown>;
  for (const pointer of pointers) {
    const path = pointer
      .slice(1)
      .split('/')
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = path.pop();
    let holder: unknown = copy;
    for (const name of path) {
      holder = isHolder(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;
    }
    // The member may lie within another collapsed member.
    if (last === undefined || !isHolder(holder) || !Object.hasOwn(holder, last)) continue;
    holder[last] = collapsed(input, holder[last], pointer);
  }
  return copy;
}

function collapsed(input: JsonSchema, schema: unknown, pointer: string): JsonSchema {
  const hint = `(collapsed: describe_tool with part ${JSON.stringify(pointer)} shows it)`;
  const own = isObject(schema) ? schema : {};
  const target = typeof own['$ref'] === 'string' ? resolveLocal(input, own['$ref']) : undefined;
  const type = own['type'] ?? (isObject(target) ? target['type'] : undefined);
  const { title, description, deprecated } = own;
  const isList = type === 'array' || (Array.isArray(type) && type.includes('array'));
  return {
    ...defined({ title }),
    description: typeof description === 'string' ? `${description} ${hint}` : hint,
    ...defined({ deprecated, type }),
    // Some vendors refuse a list without `items`.
    ...(isList ? { items: {} } : {}),
  };
}

/** The names of the definitions that a schema refers to directly. */
export function definitionsIn(schema: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    for (const [keyword, child] of Object.entries(next) as [string, unknown][]) {
      if (keyword === '$ref' && typeof child === 'string' && child.startsWith('#/$defs/'))
        names.add(child.slice('#/$defs/'.length));
      else if (child !== null && child !== undefined) waiting.push(child);
    }
  }
  return names;
}

/** The schema with the definitions that it needs. */
export function withDefinitions(schema: JsonSchema, definitions: unknown): JsonSchema {
  if (!isObject(definitions)) return schema;
  const used = new Set(definitionsIn(schema));
  // The loop over the set also visits the elements added during the loop.
  for (const name of used) for (const next of definitionsIn(definitions[name])) used.add(next);
  const kept = Object.entries(definitions).filter(([name]) => used.has(name));
  return kept.length === 0 ? schema : { ...schema, $defs: Object.fromEntries(kept) };
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
