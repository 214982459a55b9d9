import type { JsonSchema } from '@action-mesh/tools';

import { isJsonObject } from '../json-object.js';
import type { Conversion } from './definition.js';
import { keywords } from './keywords.js';

/** Keywords that accept fewer values if a schema below them requires less. */
const fragile: ReadonlySet<string> = new Set(['not', 'if', 'oneOf', 'contains']);

/**
 * Relaxes a keyword with incomplete parts, in place: a `not` or an `if` is removed, and more than one alternative of
 * a `oneOf` may fit. Returns whether there was such a keyword.
 */
export function relaxKeyword(schema: Record<string, unknown>, keyword: string): boolean {
  switch (keyword) {
    case 'not':
      delete schema['not'];
      return true;
    case 'if':
      // `then` and `else` may have declared names that are now unknown.
      for (const name of ['if', 'then', 'else', 'unevaluatedProperties', 'unevaluatedItems'])
        Reflect.deleteProperty(schema, name);
      return true;
    case 'oneOf': {
      const { oneOf, anyOf, allOf } = schema;
      if (!Array.isArray(oneOf) || oneOf.length < 2) return false;
      delete schema['oneOf'];
      if (anyOf === undefined) schema['anyOf'] = oneOf;
      else schema['allOf'] = [...(Array.isArray(allOf) ? (allOf as unknown[]) : []), { anyOf: oneOf }];
      return true;
    }
    case 'contains':
      if (schema['maxContains'] === undefined) return false;
      delete schema['maxContains'];
      return true;
    default:
      return false;
  }
}

/** Removes, in place, keywords that have no meaning without a missing one. Validators refuse such keywords. */
export function dropIdleKeywords(schema: Record<string, unknown>): void {
  if (schema['contains'] === undefined) drop(schema, 'minContains', 'maxContains');
  if (schema['if'] === undefined) drop(schema, 'then', 'else');
  else if (schema['then'] === undefined && schema['else'] === undefined) drop(schema, 'if');
}

function drop(schema: Record<string, unknown>, ...keywords: readonly string[]): void {
  for (const keyword of keywords) Reflect.deleteProperty(schema, keyword);
}

/** Warns that a keyword was relaxed: the tool accepts more than the document. */
export function warnOfRelaxation({ findings }: Conversion, pointer: string): void {
  findings.warn('composition_relaxed', pointer, 'depends on a left-out part below it, so it was relaxed');
}

/**
 * Relaxes the keywords of a converted schema that depend on incomplete definitions. Returns the same schema if there
 * are none.
 */
export function relaxed(schema: JsonSchema, isLoose: (reference: string) => boolean): JsonSchema {
  const relaxer = new Relaxer(isLoose);
  const result = relaxer.relax(schema);
  return relaxer.hasRelaxed && isJsonObject(result) ? result : schema;
}

class Relaxer {
  hasRelaxed = false;
  readonly #isLoose: (reference: string) => boolean;
  #looseSeen = 0;

  constructor(isLoose: (reference: string) => boolean) {
    this.#isLoose = isLoose;
  }

  relax(node: unknown): unknown {
    if (!isJsonObject(node)) return node;
    const result: Record<string, unknown> = { ...node };
    if (typeof node['$ref'] === 'string' && this.#isLoose(node['$ref'])) this.#looseSeen += 1;
    const loose: string[] = [];
    for (const [name, kind] of keywords) {
      const value = node[name];
      if (value === undefined || kind === 'value') continue;
      const before = this.#looseSeen;
      result[name] = this.#each(value, kind);
      if (this.#looseSeen > before && fragile.has(name)) loose.push(name);
    }
    for (const name of loose) if (relaxKeyword(result, name)) this.hasRelaxed = true;
    return result;
  }

  #each(value: unknown, kind: 'schema' | 'list' | 'map'): unknown {
    if (kind === 'list' && Array.isArray(value)) return value.map((child) => this.relax(child));
    if (kind !== 'map' || !isJsonObject(value)) return this.relax(value);
    return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, this.relax(child)]));
  }
}
