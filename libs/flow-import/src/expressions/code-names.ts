import type { Node } from 'acorn';

/** A node of a tree whose members are read by their names. */
export type RawNode = Node & Record<string, unknown>;

export const isCodeNode = (value: unknown): value is RawNode =>
  typeof value === 'object' && value !== null && 'type' in value;

/** The name of an identifier; undefined for any other node. */
export const identifierName = (node: unknown): string | undefined =>
  isCodeNode(node) && node.type === 'Identifier' ? (node['name'] as string) : undefined;

/** The names of a function body by their scopes. */
export interface CodeNames {
  /** Names that the body uses and does not declare, with the nodes that use them. */
  readonly free: ReadonlyMap<string, readonly Node[]>;
  /** Names that the outermost scope of the body declares. */
  readonly declared: ReadonlySet<string>;
  /** All names in the body, of any scope. */
  readonly all: ReadonlySet<string>;
}

class Scope {
  readonly names = new Set<string>();
  readonly above: Scope | undefined;
  /** The scope that `var` declares in. */
  readonly ofFunction: Scope;

  constructor(above: Scope | undefined, isFunction: boolean) {
    this.above = above;
    this.ofFunction = isFunction || above === undefined ? this : above.ofFunction;
  }

  has(name: string): boolean {
    return this.names.has(name) || this.above?.has(name) === true;
  }
}

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const blocks = new Set([
  'BlockStatement',
  'CatchClause',
  'ClassDeclaration',
  'ClassExpression',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
  'StaticBlock',
  'SwitchStatement',
]);

/** Finds the names of the statements of a function body. Walks without recursion, since the depth has no bound. */
export function codeNames(body: readonly unknown[]): CodeNames {
  const root = new Scope(undefined, true);
  const uses: { name: string; scope: Scope; node: Node }[] = [];
  const all = new Set<string>();
  const pending: { node: unknown; scope: Scope }[] = [{ node: body, scope: root }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node } = next;
    if (Array.isArray(node)) {
      for (const item of (node as unknown[]).toReversed()) pending.push({ node: item, scope: next.scope });
      continue;
    }
    if (!isCodeNode(node)) continue;
    const name = identifierName(node);
    if (name !== undefined) {
      all.add(name);
      uses.push({ name, scope: next.scope, node });
      continue;
    }
    const scope = inner(node, next.scope);
    declare(node, next.scope, scope, all);
    for (const [member, child] of Object.entries(node).toReversed()) {
      if (typeof child === 'object' && child !== null && !isLabelOrKey(node, member)) {
        pending.push({ node: child, scope });
      }
    }
  }
  const free = new Map<string, Node[]>();
  for (const { name, scope, node } of uses) {
    if (scope.has(name)) continue;
    const nodes = free.get(name);
    if (nodes === undefined) free.set(name, [node]);
    else nodes.push(node);
  }
  return { free, declared: root.names, all };
}

function inner(node: RawNode, scope: Scope): Scope {
  if (functions.has(node.type)) return new Scope(scope, true);
  return blocks.has(node.type) ? new Scope(scope, node.type === 'StaticBlock') : scope;
}

/** Names of members and labels are no variables. */
export function isLabelOrKey(node: RawNode, member: string): boolean {
  if (member === 'label') return true;
  if (node.type === 'MemberExpression') return member === 'property' && node['computed'] === false;
  return (
    member === 'key' &&
    node['computed'] === false &&
    ['Property', 'MethodDefinition', 'PropertyDefinition'].includes(node.type)
  );
}

/** Adds the names that a node declares, around it (`above`) or within it. */
function declare(node: RawNode, above: Scope, scope: Scope, all: Set<string>): void {
  const add = (pattern: unknown, to: Scope): void => {
    for (const name of boundNames(pattern)) {
      to.names.add(name);
      all.add(name);
    }
  };
  switch (node.type) {
    case 'VariableDeclaration': {
      const to = node['kind'] === 'var' ? above.ofFunction : above;
      for (const one of node['declarations'] as RawNode[]) add(one['id'], to);
      return;
    }
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      add(node['id'], above);
      break;
    case 'FunctionExpression':
    case 'ClassExpression':
      add(node['id'], scope);
      break;
    case 'CatchClause':
      add(node['param'], scope);
      return;
    default:
  }
  if (functions.has(node.type)) add(node['params'], scope);
}

/** The names that a pattern binds. Its defaults and computed keys are no part of them. */
function boundNames(pattern: unknown): string[] {
  const names: string[] = [];
  const pending: unknown[] = [pattern];
  while (pending.length > 0) {
    const node = pending.pop();
    if (Array.isArray(node)) pending.push(...(node as unknown[]));
    if (!isCodeNode(node)) continue;
    const name = identifierName(node);
    if (name !== undefined) names.push(name);
    else if (node.type === 'ObjectPattern') pending.push(node['properties']);
    else if (node.type === 'Property') pending.push(node['value']);
    else if (node.type === 'ArrayPattern') pending.push(node['elements']);
    else if (node.type === 'AssignmentPattern') pending.push(node['left']);
    else if (node.type === 'RestElement') pending.push(node['argument']);
  }
  return names;
}
