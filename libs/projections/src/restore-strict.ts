import { SchemaLocations, type SchemaLocation } from './schema-locations.js';
import { isNode, mostLevels, type SchemaNode } from './schema-node.js';

/**
 * Turns arguments in the strict form into the tool's arguments (V1).
 *
 * It removes a null argument that is optional and could not be null, at any depth: in lists, references and
 * alternatives. It leaves values that fit no schema unchanged, and the argument check refuses them.
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
  if (level > mostLevels) return value;
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
