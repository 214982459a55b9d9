import { isNode, listOf, mostLevels, resolved, typesOf, type SchemaNode } from './schema-node.js';

/**
 * Tells whether a schema may accept null, by its types, values and alternatives.
 *
 * An undecided case counts as accepting: another rule may forbid null, or a reference may lead nowhere or back to its
 * own place. Each part is visited once.
 */
export class AcceptsNull {
  readonly #known = new Map<SchemaNode, boolean>();

  readonly #root: SchemaNode;

  constructor(root: SchemaNode) {
    this.#root = root;
  }

  of(schema: unknown, level = 0): boolean {
    const node = resolved(this.#root, schema);
    if (!isNode(node) || level > mostLevels) return node !== false;
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    // A cycle that comes back to this part gets this answer.
    this.#known.set(node, true);
    const answer = this.#answer(node, level + 1);
    this.#known.set(node, answer);
    return answer;
  }

  #answer(node: SchemaNode, level: number): boolean {
    if (node['const'] !== undefined) return node['const'] === null;
    if (Array.isArray(node['enum'])) return node['enum'].includes(null);
    const types = typesOf(node);
    if (types !== undefined && !types.includes('null')) return false;
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const alternatives = listOf(node[keyword]);
      if (alternatives.length > 0 && !alternatives.some((each) => this.of(each, level))) return false;
    }
    return listOf(node['allOf']).every((each) => this.of(each, level));
  }
}
