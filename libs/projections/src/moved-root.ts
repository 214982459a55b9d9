import { isNode, mostLevels, pathOf, type SchemaNode } from './schema-node.js';

/** Keywords with schemas by name. The names in them are not keywords. */
const schemasByName = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
]);
/** Keywords with values. A `$ref` in a value is not a reference. */
const values = new Set(['const', 'enum', 'default', 'examples', 'example']);

/**
 * Rewrites a schema with the same meaning, so its root can change. References to the root, or into these keywords of
 * the root, lead to a copy of it among the definitions.
 */
export function withMovedRoot(root: SchemaNode, keywords: ReadonlySet<string>): SchemaNode {
  const { $defs, ...copied } = root;
  const definitions = isNode($defs) ? $defs : {};
  const name = freeName(definitions);
  const found = new Set<unknown>();

  const moved = (reference: unknown): unknown => {
    const [first, ...below] = pathOf(reference) ?? ['$defs'];
    if (first !== undefined && (!keywords.has(first) || below.length === 0)) return reference;
    found.add(reference);
    return `#/$defs/${name}${String(reference).slice(1)}`;
  };
  const written = (schema: unknown, level: number): unknown => {
    if (Array.isArray(schema)) return schema.map((each) => written(each, level + 1));
    if (!isNode(schema) || level > mostLevels) return schema;
    return mapped(schema, (value, keyword) => {
      if (keyword === '$ref') return moved(value);
      if (values.has(keyword)) return value;
      return schemasByName.has(keyword) && isNode(value)
        ? mapped(value, (each) => written(each, level + 1))
        : written(value, level + 1);
    });
  };

  const copy = written(copied, 0) as SchemaNode;
  const others = mapped(definitions, (each) => written(each, 1));
  return found.size > 0 ? { ...copy, $defs: { ...others, [name]: copy } } : root;
}

function mapped(node: SchemaNode, to: (value: unknown, name: string) => unknown): SchemaNode {
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, to(value, name)]));
}

function freeName(definitions: SchemaNode): string {
  let name = 'input';
  while (Object.hasOwn(definitions, name)) name += '_';
  return name;
}
