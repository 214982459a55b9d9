import { parse, type Node } from 'acorn';

import type { Hazard } from '../model/hazards.js';
import { UntranslatableError } from '../read/flow-import.errors.js';

/** A code step, with its clock and its random numbers replaced by recorded ones. */
export interface CodeBody {
  readonly source: string;
  /** The names of the scope that it uses. */
  readonly parameters: readonly string[];
  /** Names of other nodes that it reads. */
  readonly nodes: readonly string[];
  readonly usesClock: boolean;
  readonly usesRandom: boolean;
  readonly hazards: readonly Hazard[];
}

const scopeNames = new Set(['items', 'item', '$json', '$input', '$', '$node', 'inputData']);
const forbidden = new Set(
  (
    'require process fetch eval Function globalThis global Buffer setTimeout setInterval setImmediate XMLHttpRequest WebSocket $binary ' +
    '$getWorkflowStaticData getWorkflowStaticData $jmespath $helpers $vars $env $execution $workflow $items $position $itemIndex ' +
    '$runIndex $now $today DateTime StoreClient callback z bundle'
  ).split(' '),
);
const mostBytes = 100_000;
/** A nesting that no function written by hand has. The parser is recursive. */
const deepestCode = 100;

/** Checks the body of a code step. Nothing runs. Throws `UntranslatableError` with the reason. */
export function codeBody(source: string): CodeBody {
  if (source.length > mostBytes) throw new UntranslatableError('code longer than 100,000 characters');
  if (bracketDepth(source) > deepestCode) throw new UntranslatableError('code nested too deep');
  const prefix = 'function step() {\n';
  let tree: Node;
  try {
    tree = parse(`${prefix}${source}\n}`, { ecmaVersion: 2023, sourceType: 'script' });
  } catch (error) {
    throw new UntranslatableError('code that is no plain JavaScript function', { cause: error });
  }
  const found = new CodeFindings();
  found.visit(tree);
  const [reason] = found.reasons;
  if (reason !== undefined) throw new UntranslatableError(reason);
  let text = source;
  for (const { start, end, by } of found.edits.toSorted((a, b) => b.start - a.start)) {
    text = text.slice(0, start - prefix.length) + by + text.slice(end - prefix.length);
  }
  const hazards: Hazard[] = [
    'code',
    ...(found.clock ? ['clock' as const] : []),
    ...(found.random ? ['random' as const] : []),
  ];
  const parameters = [...found.names].filter((name) => !found.declared.has(name)).sort();
  return {
    source: text,
    parameters: [...parameters, ...(found.clock ? ['now'] : []), ...(found.random ? ['random'] : [])],
    nodes: [...found.nodes],
    usesClock: found.clock,
    usesRandom: found.random,
    hazards,
  };
}

function bracketDepth(source: string): number {
  let depth = 0;
  let most = 0;
  for (const char of source) {
    if ('([{'.includes(char)) most = Math.max(most, (depth += 1));
    else if (')]}'.includes(char)) depth = Math.max(0, depth - 1);
  }
  return most;
}

type Raw = Node & Record<string, unknown>;

const isNode = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && 'type' in value;
const nameOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === 'Identifier' ? (node['name'] as string) : undefined;
const literalOf = (node: unknown): string | undefined =>
  isNode(node) && node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined;

class CodeFindings {
  readonly names = new Set<string>();
  readonly declared = new Set<string>();
  readonly nodes = new Set<string>();
  readonly reasons: string[] = [];
  readonly edits: { start: number; end: number; by: string }[] = [];
  clock = false;
  random = false;

  /** Walks without recursion, since the depth of a tree of a stranger has no bound. */
  visit(root: Node): void {
    const pending: unknown[] = [root];
    while (pending.length > 0) {
      const node = pending.pop();
      if (Array.isArray(node)) pending.push(...(node as unknown[]).toReversed());
      if (!isNode(node)) continue;
      this.#look(node);
      const isStatic = node.type === 'MemberExpression' && node['computed'] === false;
      const isKey = node.type === 'Property' && node['computed'] === false && node['shorthand'] === false;
      for (const [name, child] of Object.entries(node).toReversed()) {
        if ((isStatic && name === 'property') || (isKey && name === 'key')) continue;
        if (typeof child === 'object' && child !== null) pending.push(child);
      }
    }
  }

  #look(node: Raw): void {
    switch (node.type) {
      case 'Identifier': {
        const name = node['name'] as string;
        if (scopeNames.has(name)) this.names.add(name);
        if (forbidden.has(name)) this.reasons.push(`code that uses ${name}`);
        return;
      }
      case 'VariableDeclarator':
      case 'FunctionDeclaration': {
        const name = nameOf(node['id']);
        if (name !== undefined) this.declared.add(name);
        return;
      }
      case 'NewExpression':
        if (nameOf(node['callee']) === 'Date' && (node['arguments'] as unknown[]).length === 0) {
          this.#replace(node, 'new Date(now)');
          this.clock = true;
        }
        return;
      case 'CallExpression':
        this.#call(node);
        return;
      case 'MemberExpression':
        if (nameOf(node['object']) === '$node') this.#nodeName(node['property']);
        return;
      case 'AwaitExpression':
      case 'ImportExpression':
        this.reasons.push('code that waits or loads modules');
        return;
      case 'ThisExpression':
        this.reasons.push('code that uses this');
        return;
      default:
    }
  }

  #call(node: Raw): void {
    const callee = node['callee'];
    if (nameOf(callee) === '$') {
      this.#nodeName((node['arguments'] as unknown[])[0]);
      return;
    }
    if (!isNode(callee) || callee.type !== 'MemberExpression') return;
    const path = `${nameOf(callee['object']) ?? ''}.${nameOf(callee['property']) ?? ''}`;
    if (path === 'Date.now') {
      this.#replace(node, 'now');
      this.clock = true;
    } else if (path === 'Math.random') {
      this.#replace(node, 'random()');
      this.random = true;
    }
  }

  #nodeName(argument: unknown): void {
    const name = literalOf(argument) ?? nameOf(argument);
    if (literalOf(argument) === undefined && name === undefined)
      this.reasons.push('code that computes the name of a node');
    else if (name !== undefined) this.nodes.add(name);
  }

  #replace(node: Node, by: string): void {
    this.edits.push({ start: node.start, end: node.end, by });
  }
}
