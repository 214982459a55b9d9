import type { Tool } from '@action-mesh/contracts/catalog';
import { ArgumentValidator } from '@action-mesh/tools';

import {
  acceptsNull,
  isNode,
  listOf,
  propertiesOf,
  requiredOf,
  resolved,
  type SchemaNode,
} from './schema-node.js';

/** Deeper than any arguments that the gateway takes. */
const MOST_LEVELS = 64;

/**
 * The way back from the strict form (V1): an argument that is null, need not be given, and could not be null, was not given.
 * At any depth, through lists, references and alternatives; of these it is the first that the result is valid for. What fits
 * nowhere is left as it is, for the check of the arguments to refuse.
 */
export class StrictRestorer {
  readonly #validators = new WeakMap<SchemaNode, ArgumentValidator>();

  constructor(private readonly root: SchemaNode) {}

  restore(args: unknown): unknown {
    return this.#restored(args, this.root, 0);
  }

  #restored(value: unknown, schema: unknown, level: number): unknown {
    const node = resolved(this.root, schema);
    if (typeof value !== 'object' || value === null || !isNode(node) || level > MOST_LEVELS) return value;
    if (Array.isArray(value)) {
      if (node['items'] !== undefined)
        return value.map((item) => this.#restored(item, node['items'], level + 1));
    } else if (isNode(node['properties'])) {
      return this.#restoredMembers(value as SchemaNode, node, level);
    }
    for (const keyword of ['anyOf', 'oneOf', 'allOf'] as const) {
      for (const alternative of listOf(node[keyword])) {
        const restored = this.#restored(value, alternative, level + 1);
        if (this.#isValid(restored, alternative)) return restored;
      }
    }
    return value;
  }

  #restoredMembers(value: SchemaNode, node: SchemaNode, level: number): SchemaNode {
    const properties = propertiesOf(node);
    const required = requiredOf(node);
    const members = Object.entries(value).flatMap(([name, member]) => {
      if (!Object.hasOwn(properties, name)) return [[name, member] as const];
      const property = properties[name];
      if (member === null && !required.has(name) && !acceptsNull(this.root, property)) return [];
      return [[name, this.#restored(member, property, level + 1)] as const];
    });
    return Object.fromEntries(members);
  }

  #isValid(value: unknown, schema: unknown): boolean {
    if (!isNode(schema)) return schema !== false;
    let validator = this.#validators.get(schema);
    if (validator === undefined) {
      const $defs = this.root['$defs'] ?? {};
      const input = { type: 'object', properties: { value: schema }, $defs } as unknown as Tool['input'];
      validator = new ArgumentValidator({ input });
      this.#validators.set(schema, validator);
    }
    return validator.validate({ value }).ok;
  }
}
