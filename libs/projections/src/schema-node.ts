/** A JSON Schema, or a part of one, in the form of an object. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** How long a chain of references may be that leads to nothing else. */
const MOST_HOPS = 32;
/** Deeper than any arguments that the gateway takes, and than any vendor reads. */
export const MOST_LEVELS = 64;

export function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a reference into the root's `$defs`, or the root itself; `undefined` for any other reference. */
export function target(root: SchemaNode, reference: unknown): unknown {
  if (reference === '#') return root;
  if (typeof reference !== 'string' || !reference.startsWith('#/$defs/')) return undefined;
  const name = reference.slice('#/$defs/'.length).replaceAll('~1', '/').replaceAll('~0', '~');
  const definitions = root['$defs'];
  return isNode(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}

/** Follows references until something else stands there. */
export function resolved(root: SchemaNode, schema: unknown): unknown {
  let current = schema;
  for (let hops = 0; hops < MOST_HOPS && isNode(current) && current['$ref'] !== undefined; hops += 1) {
    current = target(root, current['$ref']);
  }
  return current;
}

export function propertiesOf(schema: SchemaNode): Readonly<Record<string, unknown>> {
  const { properties } = schema;
  return isNode(properties) ? properties : {};
}

export function requiredOf(schema: SchemaNode): ReadonlySet<string> {
  return new Set(listOf(schema['required']).filter((name) => typeof name === 'string'));
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The types that a schema names; `undefined` where it names none and so means all. */
export function typesOf({ type }: SchemaNode): readonly string[] | undefined {
  return type === undefined ? undefined : [type].flat().filter((each) => typeof each === 'string');
}

/** Where a member of the object at `pointer` is described. */
export function memberPointer(pointer: string, name: string): string {
  return `${pointer}/properties/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function itemPointer(pointer: string): string {
  return `${pointer}/items`;
}
