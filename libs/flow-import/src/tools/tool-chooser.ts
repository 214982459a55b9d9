import type { Tool } from '@action-mesh/contracts/catalog';
import type { FlowToolEffect } from '@action-mesh/flow-api';

import { fittedArguments } from '../code/argument-types.js';
import { literal, objectOf, type Expr, type Variable } from '../model/expression.js';
import type { NodeLedger } from '../model/node-record.js';
import type { DraftStep, ToolChoice } from '../model/workflow.js';
import { matchedTool, type HttpCall } from './http-match.js';

/** A call that an app's data describes. */
export interface AppCall {
  readonly slug: string;
  readonly description: string;
  readonly effect: FlowToolEffect;
  readonly args: ReadonlyMap<string, Expr>;
}

/** Finds the tool of a step, in the catalog where it has one, and says which it should get. */
export class ToolChooser {
  readonly #bySlug: ReadonlyMap<string, Tool>;
  readonly #catalogue: readonly Tool[];
  readonly #ledger: NodeLedger;

  constructor(catalogue: readonly Tool[], ledger: NodeLedger) {
    this.#catalogue = catalogue;
    this.#bySlug = new Map(catalogue.map((tool) => [tool.slug, tool]));
    this.#ledger = ledger;
  }

  /** The call of an HTTP request: a catalog tool where host, path and method match one. */
  http(node: string, call: HttpCall): { choice: ToolChoice; args: Expr } {
    const matched = matchedTool(this.#catalogue, call);
    if (matched !== undefined) return this.#fitted(node, matched.tool, matched.args);
    const isRead = call.method === 'GET' || call.method === 'HEAD';
    if (!isRead) {
      this.#ledger.writes(node);
      this.#ledger.check(
        node,
        'opaque-write',
        `${call.method} to an address that no tool of the catalog covers`,
      );
    }
    this.#ledger.check(node, 'not-in-catalog', 'a tool for this address with its own effect class');
    const wanted = isRead
      ? { slug: 'http_read', description: 'Reads an address by GET.', effect: 'read' as const }
      : {
          slug: 'http_request',
          description: 'Sends a request of any method to an address.',
          effect: 'opaque' as const,
        };
    const members: [string, Expr][] = [
      ['method', literal(call.method)],
      [
        'url',
        call.url.length === 1 && call.url[0] !== undefined
          ? call.url[0]
          : { kind: 'template', parts: call.url },
      ],
    ];
    if (call.query.size > 0) members.push(['query', objectOf(call.query)]);
    if (call.headers.size > 0) members.push(['headers', objectOf(call.headers)]);
    if (call.body !== undefined) members.push(['body', call.body]);
    return { choice: { wanted }, args: objectOf(members) };
  }

  /** The call of an app's operation. */
  app(node: string, { slug, description, effect, args }: AppCall): { choice: ToolChoice; args: Expr } {
    const tool = this.#bySlug.get(slug);
    if (tool !== undefined) return this.#fitted(node, tool, args);
    if (effect !== 'read') this.#ledger.writes(node);
    this.#ledger.check(node, 'not-in-catalog', `the tool ${slug}`);
    return { choice: { wanted: { slug, description, effect } }, args: objectOf(args) };
  }

  #fitted(node: string, tool: Tool, given: ReadonlyMap<string, Expr>): { choice: ToolChoice; args: Expr } {
    const { args, missing, unknown } = fittedArguments(tool, given);
    if (tool.effect.class !== 'read') this.#ledger.writes(node);
    if (tool.effect.class === 'opaque') this.#ledger.check(node, 'opaque-write');
    if (missing.length > 0)
      this.#ledger.manual(node, `the export has no value for ${missing.join(', ')} of ${tool.slug}`);
    if (unknown.length > 0)
      this.#ledger.check(node, 'unmapped', `${tool.slug} has no argument ${unknown.join(', ')}`);
    this.#ledger.translated(node);
    return { choice: { tool }, args };
  }
}

/** The step that calls a tool. */
export function callStep(
  node: string,
  name: string,
  { choice, args }: { readonly choice: ToolChoice; readonly args: Expr },
  output: Variable,
): Extract<DraftStep, { kind: 'call' }> {
  return { kind: 'call', node, name, choice, args, output };
}

/** An agent of the owner, called as a tool: the model stays outside of the mesh. */
export const agentTool = {
  slug: 'run_agent',
  description: 'Runs an agent or a model of your own with a prompt, and gives its answer as `output`.',
  effect: 'opaque',
} as const;
