/** A JSON Schema, or a part of one, in the form of an object. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** How long a chain of references may be that leads to nothing else. */
const MOST_HOPS = 32;

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

/**
 * Whether null may stand where this schema does, as far as types, values and alternatives say; other rules could forbid it
 * still, and are left out of account on the safe side.
 */
export function acceptsNull(root: SchemaNode, schema: unknown, depth = 0): boolean {
  const node = resolved(root, schema);
  // Undefined behind a reference that leads nowhere: nothing is known, so null is not ruled out.
  if (!isNode(node) || depth > MOST_HOPS) return node !== false;
  if (node['const'] !== undefined) return node['const'] === null;
  if (Array.isArray(node['enum'])) return node['enum'].includes(null);
  const types = typesOf(node);
  if (types !== undefined && !types.includes('null')) return false;
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const alternatives = listOf(node[keyword]);
    if (alternatives.length > 0 && !alternatives.some((each) => acceptsNull(root, each, depth + 1)))
      return false;
  }
  return listOf(node['allOf']).every((each) => acceptsNull(root, each, depth + 1));
}
