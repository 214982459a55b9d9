import type { Node } from 'acorn';

import { isLabelOrKey, isCodeNode, identifierName, type CodeNames, type RawNode } from './code-names.js';

/** Members that lead from a value to the constructor of functions, or to a prototype that others share. */
const forbiddenMembers = new Set(['__proto__', 'constructor', 'prototype', 'Function', 'eval', 'import']);

/** Names whose every use must be one that is replaced, or reads nothing but its arguments. */
const knownByUse = new Set(['$', '$node', 'Date', 'Math']);

/** Names of the scope: each step has its own values for them. */
const ownNames = /^(?:\$|items?$|inputData$)/;

/** Syntax that no code step may have, with the reason. */
const refusals: ReadonlyMap<string, string> = new Map([
  ['AwaitExpression', 'code that waits or loads modules'],
  ['ImportExpression', 'code that waits or loads modules'],
  ['MetaProperty', 'code that reads its module or its call'],
  ['ThisExpression', 'code that uses this'],
  ['Super', 'code that uses this'],
]);

const literalOf = (node: unknown): string | undefined =>
  isCodeNode(node) && node.type === 'Literal' && typeof node['value'] === 'string'
    ? node['value']
    : undefined;

/** Looks for the clock, random numbers, names of nodes, and everything that a code step may not do. */
export class CodeFindings {
  readonly nodes = new Set<string>();
  readonly reasons: string[] = [];
  readonly edits: { start: number; end: number; by: string }[] = [];
  clock = false;
  random = false;
  readonly #injected: { readonly now: string; readonly random: string };
  /** Nodes that use a global or a name of the scope, and not a name of the code itself. */
  readonly #free: ReadonlyMap<Node, string>;
  /** Uses of names in `knownByUse` whose meaning is known. */
  readonly #known = new Set<unknown>();

  constructor(names: CodeNames, injected: { readonly now: string; readonly random: string }) {
    this.#injected = injected;
    this.#free = new Map([...names.free].flatMap(([name, nodes]) => nodes.map((node) => [node, name])));
  }

  /** Walks without recursion, since the depth of a tree of a stranger has no bound. */
  visit(body: readonly unknown[]): void {
    const pending: unknown[] = [body];
    while (pending.length > 0) {
      const node = pending.pop();
      if (Array.isArray(node)) {
        for (const item of (node as unknown[]).toReversed()) pending.push(item);
      }
      if (!isCodeNode(node)) continue;
      this.#look(node);
      for (const [name, child] of Object.entries(node).toReversed()) {
        if (typeof child === 'object' && child !== null && !isLabelOrKey(node, name)) pending.push(child);
      }
    }
    for (const [node, name] of this.#free) {
      if (knownByUse.has(name) && !this.#known.has(node)) this.reasons.push(`code that passes ${name} on`);
    }
  }

  #look(node: RawNode): void {
    const refusal = refusals.get(node.type);
    if (refusal !== undefined) this.reasons.push(refusal);
    if (node['async'] === true || node['await'] === true)
      this.reasons.push('code that waits or loads modules');
    switch (node.type) {
      case 'NewExpression':
        this.#new(node);
        return;
      case 'CallExpression':
        this.#call(node);
        return;
      case 'MemberExpression':
        this.#member(node);
        return;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        this.#checkName(
          textOf(node['key']) ?? (node['computed'] === false ? identifierName(node['key']) : undefined),
        );
        return;
      case 'BinaryExpression':
        if (this.#isFree(node['right'], 'Date') && node['operator'] === 'instanceof')
          this.#known.add(node['right']);
        return;
      case 'AssignmentExpression':
        this.#checkChange(node['left']);
        return;
      case 'UpdateExpression':
        this.#checkChange(node['argument']);
        return;
      case 'UnaryExpression':
        if (node['operator'] === 'delete') this.#checkChange(node['argument']);
        return;
      default:
    }
  }

  #new(node: RawNode): void {
    const { callee } = node;
    if (!this.#isFree(callee, 'Date')) return;
    const args = node['arguments'] as RawNode[];
    if (args.some(({ type }) => type === 'SpreadElement')) return;
    this.#known.add(callee);
    if (args.length > 0) return;
    this.#replace(node, `new Date(${this.#injected.now})`);
    this.clock = true;
  }

  #call(node: RawNode): void {
    const callee = node['callee'];
    const args = node['arguments'] as unknown[];
    if (this.#isFree(callee, '$')) {
      this.#known.add(callee);
      this.#nodeName(args[0]);
      return;
    }
    if (!isCodeNode(callee) || callee.type !== 'MemberExpression' || callee['computed'] === true) return;
    if (args.length > 0) return;
    const member = identifierName(callee['property']);
    if (member === 'now' && this.#isFree(callee['object'], 'Date')) {
      this.#replace(node, this.#injected.now);
      this.clock = true;
    } else if (member === 'random' && this.#isFree(callee['object'], 'Math')) {
      this.#replace(node, `${this.#injected.random}()`);
      this.random = true;
    } else return;
    this.#known.add(callee['object']);
  }

  #member(node: RawNode): void {
    const { object, property } = node;
    const name = node['computed'] === true ? textOf(property) : identifierName(property);
    this.#checkName(name);
    if (this.#isFree(object, '$node')) {
      this.#known.add(object);
      this.#nodeName(property, node['computed'] === true);
    }
    // The clock and random numbers are known as calls alone, because only calls are replaced.
    const isPure = this.#isFree(object, 'Date')
      ? name === 'parse' || name === 'UTC'
      : this.#isFree(object, 'Math') && name !== undefined && name !== 'random';
    if (isPure) this.#known.add(object);
  }

  /** A change of a global, such as `JSON.parse = …`, would reach all other runs. */
  #checkChange(target: unknown): void {
    let of = target;
    while (isCodeNode(of) && of.type === 'MemberExpression') of = of['object'];
    const name = isCodeNode(of) ? this.#free.get(of) : undefined;
    if (name !== undefined && !ownNames.test(name)) this.reasons.push(`code that changes ${name}`);
  }

  #isFree(node: unknown, name: string): boolean {
    return isCodeNode(node) && this.#free.get(node) === name;
  }

  #checkName(name: string | undefined): void {
    if (name !== undefined && forbiddenMembers.has(name)) this.reasons.push(`code that uses ${name}`);
  }

  #nodeName(argument: unknown, isComputed = true): void {
    const name = literalOf(argument) ?? (isComputed ? undefined : identifierName(argument));
    if (name === undefined) this.reasons.push('code that computes the name of a node');
    else this.nodes.add(name);
  }

  #replace(node: Node, by: string): void {
    this.edits.push({ start: node.start, end: node.end, by });
  }
}

/** The text of an expression of texts alone, such as `'con' + 'structor'`; undefined for any other. */
function textOf(node: unknown, depth = 0): string | undefined {
  if (!isCodeNode(node) || depth > 50) return undefined;
  const literal = literalOf(node);
  if (literal !== undefined) return literal;
  if (node.type === 'BinaryExpression' && node['operator'] === '+') {
    const [left, right] = [textOf(node['left'], depth + 1), textOf(node['right'], depth + 1)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  if (node.type !== 'TemplateLiteral') return undefined;
  const quasis = node['quasis'] as { value: { cooked: string | null } }[];
  const parts = (node['expressions'] as unknown[]).map((part) => textOf(part, depth + 1));
  if (parts.includes(undefined)) return undefined;
  return quasis.map(({ value }, index) => (value.cooked ?? '') + (parts[index] ?? '')).join('');
}
