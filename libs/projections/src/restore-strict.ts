import { SchemaLocations, type SchemaLocation } from './schema-locations.js';
import { isNode, MOST_LEVELS, type SchemaNode } from './schema-node.js';

/**
 * The way back from the strict form (V1): an argument that is null, need not be given and could not be null
 * was not given. At any depth, through lists, references and alternatives. What fits nowhere is left as it is,
 * for the check of the arguments to refuse.
 */
export class StrictRestorer {
  readonly #locations: SchemaLocations;

  constructor(input: SchemaNode) {
    this.#locations = new SchemaLocations(input);
  }

  restore(args: unknown): unknown {
    return restored(args, this.#locations.first, 0);
  }
}

function restored(value: unknown, location: SchemaLocation, level: number): unknown {
  if (level > MOST_LEVELS) return value;
  if (Array.isArray(value)) return value.map((item) => restored(item, location.items(), level + 1));
  if (!isNode(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === null && location.isAbsentWhenNull(name)
        ? []
        : [[name, restored(member, location.member(name), level + 1)] as const],
    ),
  );
}
