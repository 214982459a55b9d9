/** A JSON Schema, or a part of one, in the form of an object. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** The longest chain of references that is followed. */
const mostHops = 32;
/** Deeper than any arguments that the gateway accepts, and than any vendor reads. */
export const mostLevels = 64;

/** Whether this schema is an object, and not `true` or `false`. */
export function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The names and positions that a reference within its document leads through. `undefined` for any other reference.
 */
export function pathOf(reference: unknown): readonly string[] | undefined {
  if (reference === '#') return [];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return undefined;
  return reference.slice(2).split('/').map(unescaped);
}

/** The target of a reference. `undefined` if it does not exist in this document. */
export function target(root: SchemaNode, reference: unknown): unknown {
  return pathOf(reference)?.reduce<unknown>((found, name) => {
    if (Array.isArray(found)) return found[Number(name)];
    return isNode(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }, root);
}

/** Follows references until a schema without a reference. */
export function resolved(root: SchemaNode, schema: unknown): unknown {
  let current = schema;
  for (let hops = 0; hops < mostHops && isNode(current) && current['$ref'] !== undefined; hops += 1) {
    current = target(root, current['$ref']);
  }
  return current;
}

/** The properties of a schema, by name. */
export function propertiesOf(schema: SchemaNode): Readonly<Record<string, unknown>> {
  const { properties } = schema;
  return isNode(properties) ? properties : {};
}

/** The names that a schema requires. */
export function requiredOf(schema: SchemaNode): ReadonlySet<string> {
  return new Set(listOf(schema['required']).filter((name) => typeof name === 'string'));
}

/** The items of a list. Empty for any other value. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The types of a schema. `undefined` if it names none and so allows all. */
export function typesOf({ type }: SchemaNode): readonly string[] | undefined {
  return type === undefined ? undefined : [type].flat().filter((each) => typeof each === 'string');
}

/** Extends a JSON pointer (RFC 6901) by names and positions. */
export function pointerTo(pointer: string, ...path: readonly (string | number)[]): string {
  return (
    pointer + path.map((each) => `/${String(each).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  );
}

function unescaped(token: string): string {
  let text = token;
  try {
    text = decodeURIComponent(token);
  } catch {
    // The name contains an invalid percent escape, so it is used unchanged.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}
