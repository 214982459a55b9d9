import { AcceptsNull } from './accepts-null.js';
import type { Difference } from './projection.js';
import {
  isNode,
  listOf,
  pathOf,
  pointerTo,
  propertiesOf,
  requiredOf,
  target,
  typesOf,
  type SchemaNode,
} from './schema-node.js';

/** More locations than any real tool has. Beyond this number, the form is lost. */
const mostLocations = 5_000;
const mostParts = 100_000;

/** A part of a schema, and its pointer. */
interface Part {
  readonly schema: unknown;
  readonly pointer: string;
}

/** A part that defines the type of a value itself. */
interface Leaf extends Part {
  readonly schema: SchemaNode;
}

/**
 * One location in a value, with every part of the schema that may apply there. The code need not know the alternative
 * that a value fits: null means "absent" only if all alternatives agree (V1).
 */
export class SchemaLocation {
  readonly #members = new Map<string, SchemaLocation>();
  #items: SchemaLocation | undefined;

  readonly #locations: SchemaLocations;
  readonly #leaves: readonly Leaf[];

  constructor(locations: SchemaLocations, leaves: readonly Leaf[]) {
    this.#locations = locations;
    this.#leaves = leaves;
  }

  member(name: string): SchemaLocation {
    let member = this.#members.get(name);
    if (member === undefined) {
      member = this.#locations.at(
        this.#describing(name).map(({ schema, pointer }) => ({
          schema: propertiesOf(schema)[name],
          pointer: pointerTo(pointer, 'properties', name),
        })),
      );
      this.#members.set(name, member);
    }
    return member;
  }

  items(): SchemaLocation {
    this.#items ??= this.#locations.at(
      this.#leaves
        .filter(({ schema }) => schema['items'] !== undefined)
        .map(({ schema, pointer }) => ({ schema: schema['items'], pointer: pointerTo(pointer, 'items') })),
    );
    return this.#items;
  }

  /** All locations directly below this one. */
  *below(): Iterable<SchemaLocation> {
    for (const name of this.#names()) yield this.member(name);
    if (this.#leaves.some(({ schema }) => schema['items'] !== undefined)) yield this.items();
  }

  /** Whether null as this member means that the argument is absent. */
  isAbsentWhenNull(name: string): boolean {
    return this.#describing(name).some((leaf) => this.#isOptional(leaf, name));
  }

  /** The members that are optional and also accept null, so null has two meanings there. */
  ambiguities(): Difference[] {
    return [...this.#names()].flatMap((name) => {
      if (!this.isAbsentWhenNull(name)) return [];
      return this.#describing(name)
        .filter(({ schema }) => this.#locations.acceptsNull(propertiesOf(schema)[name]))
        .map(({ pointer }) => ({
          pointer: pointerTo(pointer, 'properties', name),
          what: 'optional and null',
        }));
    });
  }

  #isOptional({ schema }: Leaf, name: string): boolean {
    return !requiredOf(schema).has(name);
  }

  #describing(name: string): readonly Leaf[] {
    return this.#leaves.filter(({ schema }) => Object.hasOwn(propertiesOf(schema), name));
  }

  #names(): ReadonlySet<string> {
    return new Set(this.#leaves.flatMap(({ schema }) => Object.keys(propertiesOf(schema))));
  }
}

/** The locations of a schema. Equal parts share one location, so recursion ends. */
export class SchemaLocations {
  readonly #ids = new Map<SchemaNode, number>();
  readonly #locations = new Map<string, SchemaLocation>();
  readonly #nulls: AcceptsNull;
  #parts = 0;

  readonly #root: SchemaNode;

  constructor(root: SchemaNode) {
    this.#root = root;

    this.#nulls = new AcceptsNull(root);
  }

  get first(): SchemaLocation {
    return this.at([{ schema: this.#root, pointer: '' }]);
  }

  at(parts: readonly Part[]): SchemaLocation {
    const leaves = this.#leaves(parts);
    const key = [...leaves.keys()].sort((a, b) => a - b).join();
    let location = this.#locations.get(key);
    if (location === undefined) {
      location = new SchemaLocation(this, [...leaves.values()]);
      this.#locations.set(key, location);
    }
    return location;
  }

  acceptsNull(schema: unknown): boolean {
    return this.#nulls.of(schema);
  }

  /** Every member, at any location, with two meanings of null. */
  ambiguities(): readonly Difference[] {
    const found = new Map<string, Difference>();
    const seen = new Set([this.first]);
    for (const location of seen) {
      for (const each of location.ambiguities()) found.set(each.pointer, each);
      for (const below of location.below()) seen.add(below);
      if (seen.size > mostLocations || this.#parts > mostParts) return [{ pointer: '', what: 'size' }];
    }
    return [...found.values()];
  }

  /** Follows references and alternatives to the parts that define a type, and numbers these parts. */
  #leaves(parts: readonly Part[]): ReadonlyMap<number, Leaf> {
    const leaves = new Map<number, Leaf>();
    const seen = new Set<unknown>();
    const open = [...parts];
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      const { schema, pointer } = part;
      if (!isNode(schema) || seen.has(schema)) continue;
      seen.add(schema);
      this.#parts += 1;
      const { $ref } = schema;
      if (typeof $ref === 'string') {
        open.push({ schema: target(this.#root, $ref), pointer: pointerTo('', ...(pathOf($ref) ?? [])) });
      } else if (typesOf(schema) !== undefined) leaves.set(this.#id(schema), { schema, pointer });
      else {
        for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
          listOf(schema[keyword]).forEach((each, index) =>
            open.push({ schema: each, pointer: pointerTo(pointer, keyword, index) }),
          );
        }
      }
    }
    return leaves;
  }

  #id(schema: SchemaNode): number {
    const id = this.#ids.get(schema) ?? this.#ids.size;
    this.#ids.set(schema, id);
    return id;
  }
}
