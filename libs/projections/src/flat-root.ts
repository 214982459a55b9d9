import { withMovedRoot } from './moved-root.js';
import type { Difference } from './projection.js';
import { isNode, listOf, propertiesOf, target, type SchemaNode } from './schema-node.js';

/** Keywords that OpenAI refuses at the root of a tool's input. Anthropic refuses the first three. */
const refusedKeywords: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'not', 'enum']);
const unevaluated = 'unevaluatedProperties';
/** More parts than any real tool has. Beyond this number, the set of accepted names counts as unknown. */
const mostParts = 1_000;

/**
 * Rewrites an input without the keywords that vendors refuse at its root. The result accepts every value that the
 * input accepts (V5).
 *
 * The names that alternatives declare become properties of the root. If no other name is possible, these properties
 * keep their schemas and the root stays closed. Otherwise such a name could also hold a value that its schemas
 * forbid, so only its description is kept.
 */
export function flatRoot(input: SchemaNode): {
  readonly schema: SchemaNode;
  readonly relaxed: readonly Difference[];
} {
  const refused = Object.keys(input).filter((keyword) => refusedKeywords.has(keyword));
  if (refused.length === 0) return { schema: input, relaxed: [] };
  const root = withMovedRoot(input, new Set([...refusedKeywords, unevaluated]));
  const rest = Object.fromEntries(
    Object.entries(root).filter(([keyword]) => !refusedKeywords.has(keyword) && keyword !== unevaluated),
  );
  // A closed root refuses names that it does not declare, even if an alternative declares them.
  if (rest['additionalProperties'] === false) return { schema: rest, relaxed: atRoot(refused) };
  const own = propertiesOf(root);
  const { schemas, areAll } = declarations(root);
  const isClosed = root[unevaluated] === false && areAll;
  const isOpened = !isClosed && (root[unevaluated] ?? true) !== true;
  const added = [...schemas]
    .filter(([name]) => !Object.hasOwn(own, name))
    .map(([name, each]) => [name, isClosed ? anyOf(each) : described(each)] as const);
  return {
    schema: {
      ...rest,
      ...(added.length === 0 ? {} : { properties: { ...own, ...Object.fromEntries(added) } }),
      ...(isClosed ? { additionalProperties: false } : {}),
    },
    relaxed: atRoot(isOpened ? [...refused, unevaluated] : refused),
  };
}

interface Declarations {
  /** All schemas for each name. */
  readonly schemas: ReadonlyMap<string, readonly unknown[]>;
  /** Whether these names and values are complete. Only the root's `unevaluatedProperties` may let in others. */
  readonly areAll: boolean;
}

/** The declarations of the root and of every part that describes the same value. */
function declarations(root: SchemaNode): Declarations {
  const schemas = new Map<string, unknown[]>();
  const parts = ofSameValue([root], root);
  for (const part of parts) {
    for (const [name, schema] of Object.entries(isNode(part) ? propertiesOf(part) : {})) {
      if (schema !== false) schemas.set(name, [...(schemas.get(name) ?? []), schema]);
    }
  }
  // ajv also lets in the names that `if` declares or opens if the condition fails.
  const guessed = ofSameValue(
    parts.map((part) => (isNode(part) ? (part['if'] ?? true) : true)),
    root,
  );
  const own = propertiesOf(root);
  const areAll =
    parts.every((part) => (isNode(part) ? !letsInOthers(part, part === root) : part !== undefined)) &&
    guessed.every(
      (part) =>
        !isNode(part) ||
        (part['additionalProperties'] === undefined &&
          part[unevaluated] === undefined &&
          Object.keys(propertiesOf(part)).every((name) => Object.hasOwn(own, name))),
    );
  return { schemas, areAll };
}

function letsInOthers(part: SchemaNode, isRoot: boolean): boolean {
  const { additionalProperties = false, patternProperties, unevaluatedProperties = false } = part;
  return (
    additionalProperties !== false ||
    patternProperties !== undefined ||
    (!isRoot && unevaluatedProperties !== false)
  );
}

/**
 * These schemas and all their parts that describe the same value. Contains `undefined` if a part is missing or there
 * are too many.
 */
function ofSameValue(schemas: readonly unknown[], root: SchemaNode): readonly unknown[] {
  const parts = new Set(schemas);
  for (const part of parts) {
    if (parts.size > mostParts) return [...parts, undefined];
    if (!isNode(part)) continue;
    if (part['$ref'] !== undefined) parts.add(target(root, part['$ref']));
    const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => listOf(part[keyword]));
    const single = ['if', 'then', 'else'].map((keyword) => part[keyword] ?? true);
    const byName = ['dependentSchemas', 'dependencies'].flatMap((keyword) =>
      Object.values(isNode(part[keyword]) ? part[keyword] : {}),
    );
    for (const each of [...lists, ...single, ...byName]) parts.add(each);
  }
  return [...parts];
}

function atRoot(keywords: readonly string[]): readonly Difference[] {
  return keywords.map((what) => ({ pointer: '', what }));
}

function anyOf(schemas: readonly unknown[]): unknown {
  const different = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  return different.length === 1 ? different[0] : { anyOf: different };
}

function described(schemas: readonly unknown[]): SchemaNode {
  const description = schemas
    .filter(isNode)
    .map((schema) => schema['description'])
    .find((each) => typeof each === 'string');
  return description === undefined ? {} : { description };
}
