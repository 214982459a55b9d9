import { resolveLocal } from '@action-mesh/tools/compile';

import type { SchemaObject } from './json-schema.js';
import { texts } from './keyword-change.js';

const nothing: SchemaObject = { not: {} };
const anything: SchemaObject = {};
const mostHops = 32;
/** Rules that depend on their neighbours. Their meaning would change beside other rules. */
const together: ReadonlySet<string> = new Set([
  'additionalProperties',
  'properties',
  'patternProperties',
  'unevaluatedProperties',
  'items',
  'prefixItems',
  'unevaluatedItems',
  'contains',
  'minContains',
  'maxContains',
  'if',
  'then',
  'else',
]);

/** The parts of one schema with their references resolved. The same part always gives the same object. */
export class ResolvedSchemas {
  readonly #known = new WeakMap<object, SchemaObject>();
  readonly #root: SchemaObject;

  constructor(root: SchemaObject) {
    this.#root = root;
  }

  /**
   * A part of the schema, with the target of its reference. Texts beside a reference replace those of its target; rules apply
   * in addition. A reference that leads nowhere or to itself stays, and is compared as text.
   */
  of(schema: unknown): SchemaObject {
    return this.#of(schema, 0);
  }

  #of(schema: unknown, hops: number): SchemaObject {
    if (schema === false) return nothing;
    if (!isSchema(schema)) return anything;
    const { $ref } = schema;
    if (typeof $ref !== 'string') return schema;
    let known = this.#known.get(schema);
    if (known === undefined) {
      const target = hops < mostHops ? resolveLocal(this.#root, $ref) : undefined;
      known = target === undefined ? schema : joined(this.#of(target, hops + 1), schema);
      this.#known.set(schema, known);
    }
    return known;
  }
}

function joined(target: SchemaObject, { $ref: _ref, ...beside }: SchemaObject): SchemaObject {
  const entries = Object.entries(beside);
  if (entries.length === 0) return target;
  const isSecondRule = ([keyword]: readonly [string, unknown]): boolean =>
    (Object.hasOwn(target, keyword) || together.has(keyword)) && !texts.some((text) => text === keyword);
  const second = entries.filter(isSecondRule);
  return {
    ...target,
    ...Object.fromEntries(entries.filter((entry) => !isSecondRule(entry))),
    ...(second.length === 0
      ? {}
      : { allOf: [...listOf(target['allOf']), Object.fromEntries(second) as SchemaObject] }),
  };
}

function isSchema(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
