import type { JsonObject, JsonValue } from '@action-mesh/kernel';

import { field, elementsOf, recordOf, plainTextOf } from '../read/fields.js';

/** A node of an n8n workflow. Defaults that depend on its version are filled in by its translator. */
export interface N8nNode {
  readonly name: string;
  /** The type without the core package's name: `httpRequest`, `agent`. */
  readonly type: string;
  readonly fullType: string;
  /** An absent version means the oldest. */
  readonly version: number;
  readonly parameters: JsonObject;
  readonly raw: JsonObject;
  readonly position: readonly [x: number, y: number];
  readonly disabled: boolean;
  readonly onError: 'stop' | 'continue' | 'output';
}

export interface N8nTarget {
  readonly node: string;
  readonly input: number;
}

const corePackages = /^(?:n8n-nodes-base|@n8n\/n8n-nodes-langchain)\./;

function nodeOf(raw: JsonObject, name: string): N8nNode {
  const fullType = plainTextOf(raw['type']) ?? '';
  const position = elementsOf(raw['position']).map((part) => (typeof part === 'number' ? part : 0));
  const onError = raw['onError'];
  return {
    name,
    fullType,
    type: fullType.replace(corePackages, ''),
    version: typeof raw['typeVersion'] === 'number' ? raw['typeVersion'] : 1,
    parameters: recordOf(raw['parameters']),
    raw,
    position: [position[0] ?? 0, position[1] ?? 0],
    disabled: raw['disabled'] === true,
    onError:
      onError === 'continueErrorOutput'
        ? 'output'
        : onError === 'continueRegularOutput' || raw['continueOnFail'] === true
          ? 'continue'
          : 'stop',
  };
}

/** The nodes and edges of a workflow. Lookups go by name, as in n8n. */
export class N8nGraph {
  readonly nodes = new Map<string, N8nNode>();
  /** Keys of nodes whose name another node has already. Nothing can refer to them. */
  readonly namesakes = new Map<string, N8nNode>();
  /** Sub-nodes of agents and chains, with the nodes that they configure. */
  readonly subNodes = new Map<string, Map<string, string>>();
  readonly #outputs = new Map<string, readonly (readonly N8nTarget[])[]>();
  readonly #inputs = new Map<string, number>();

  constructor(workflow: JsonObject) {
    elementsOf(workflow['nodes']).forEach((value, index) => {
      const raw = recordOf(value);
      const name = plainTextOf(raw['name']) ?? `node ${index + 1}`;
      if (this.nodes.has(name)) {
        const key = `${name} (namesake ${index + 1})`;
        this.namesakes.set(key, nodeOf(raw, key));
      } else this.nodes.set(name, nodeOf(raw, name));
    });
    for (const [source, kinds] of Object.entries(recordOf(workflow['connections']))) {
      for (const [kind, outputs] of Object.entries(recordOf(kinds))) {
        if (kind === 'main') this.#addMain(source, outputs);
        else this.#addSubNode(source, kind, outputs);
      }
    }
  }

  /** The targets of an output, topmost first and leftmost on a tie: n8n runs them in the order of the canvas. */
  targets(name: string, output: number): readonly N8nTarget[] {
    return this.#outputs.get(name)?.[output] ?? [];
  }

  outputCount(name: string): number {
    return this.#outputs.get(name)?.length ?? 0;
  }

  hasInput(name: string): boolean {
    return this.#inputs.has(name);
  }

  /** Every node that a run can reach from the targets, the targets included. */
  reachable(targets: readonly N8nTarget[], until: (name: string) => boolean): ReadonlySet<string> {
    const found = new Set<string>();
    const pending = targets.map(({ node }) => node);
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (found.has(name) || !this.nodes.has(name)) continue;
      found.add(name);
      if (until(name)) continue;
      for (const output of this.#outputs.get(name) ?? []) pending.push(...output.map(({ node }) => node));
    }
    return found;
  }

  #addMain(source: string, outputs: JsonValue): void {
    const lists = elementsOf(outputs).map((list) =>
      elementsOf(list)
        .map((edge) => {
          const input = field(edge, 'index');
          return {
            node: plainTextOf(field(edge, 'node')) ?? '',
            input: typeof input === 'number' ? input : 0,
          };
        })
        .filter(({ node }) => this.nodes.has(node))
        .sort((a, b) => this.#place(a.node, b.node)),
    );
    this.#outputs.set(source, lists);
    for (const { node } of lists.flat()) this.#inputs.set(node, (this.#inputs.get(node) ?? 0) + 1);
  }

  #addSubNode(source: string, kind: string, outputs: JsonValue): void {
    for (const edge of elementsOf(outputs).flatMap(elementsOf)) {
      const parent = plainTextOf(field(edge, 'node')) ?? '';
      const children = this.subNodes.get(parent) ?? new Map<string, string>();
      children.set(source, kind);
      this.subNodes.set(parent, children);
    }
  }

  #place(a: string, b: string): number {
    const [left, right] = [this.nodes.get(a)?.position ?? [0, 0], this.nodes.get(b)?.position ?? [0, 0]];
    return left[1] - right[1] || left[0] - right[0] || (a < b ? -1 : a > b ? 1 : 0);
  }
}
