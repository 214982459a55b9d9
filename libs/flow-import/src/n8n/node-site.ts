import type { JsonValue } from '@action-mesh/kernel';

import { variableOf, type Expr, type Variable } from '../model/expression.js';
import type { NodeLedger } from '../model/node-record.js';
import type { ToolChooser } from '../tools/tool-chooser.js';
import { n8nValue } from './n8n-expression.js';
import type { N8nGraph, N8nNode } from './n8n-graph.js';
import type { Current, N8nPlace } from './n8n-scope.js';
import type { N8nSite, N8nTranslator, N8nWriter, WalkContext } from './n8n-site.js';

/** A workflow and everything that the walk through it needs. */
export interface WalkOptions {
  readonly graph: N8nGraph;
  readonly ledger: NodeLedger;
  readonly tools: ToolChooser;
  readonly translatorOf: (type: string) => N8nTranslator;
  readonly isListNode: (node: N8nNode) => boolean;
  readonly envelope: Expr | undefined;
  readonly workflowName: string;
  readonly timezone: string | undefined;
  /** Flows of the same import by the ids of their workflows. */
  readonly children: ReadonlyMap<string, string>;
}

/** The site of a node: its place in the draft, and the ways to go on behind it. */
export function nodeSite(
  node: N8nNode,
  current: Current,
  context: WalkContext,
  inputs: ReadonlyMap<number, Current> | undefined,
  walk: N8nWriter,
  options: WalkOptions,
): N8nSite {
  const { graph, ledger, envelope, workflowName, timezone, tools, children } = options;
  let clock: Variable | undefined;
  const now = (): Expr => {
    if (clock === undefined) {
      clock = { hint: `${node.name} now` };
      context.steps.push({ kind: 'clock', node: node.name, name: node.name, output: clock });
      ledger.check(node.name, 'clock');
    }
    return variableOf(clock);
  };
  const place: N8nPlace = {
    current,
    scope: context.scope,
    envelope,
    workflowName,
    timezone,
    now,
    flag: (hazard, note) => ledger.check(node.name, hazard, note),
  };
  const targets = (output = 0) => graph.targets(node.name, output);
  return {
    node,
    current,
    context,
    inputs,
    place,
    ledger,
    tools,
    children,
    graph,
    walk,
    value: (json: JsonValue | undefined) => n8nValue(json, place, (why) => ledger.manual(node.name, why)),
    targets,
    next: (expr, many = false) => ({
      kind: 'next',
      current: { expr, many, from: node.name },
      targets: targets(),
    }),
    leave: (why) => {
      ledger.manual(node.name, why);
      const output: Variable = { hint: node.name };
      context.steps.push({ kind: 'todo', node: node.name, what: `${node.name}: ${why}`, output });
      // Every output goes on, so that nothing behind an unwritten step is lost.
      const all = Array.from({ length: graph.outputCount(node.name) }, (_, index) => targets(index)).flat();
      return {
        kind: 'next',
        current: { expr: variableOf(output), many: current.many, from: node.name },
        targets: all,
      };
    },
  };
}
