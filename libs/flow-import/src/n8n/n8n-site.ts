import type { JsonValue } from '@action-mesh/kernel';

import { variableOf, type Expr, type Variable } from '../model/expression.js';
import type { NodeLedger } from '../model/node-record.js';
import type { DraftStep } from '../model/workflow.js';
import type { ToolChooser } from '../tools/tool-chooser.js';
import type { N8nGraph, N8nNode, N8nTarget } from './n8n-graph.js';
import type { Current, N8nPlace, N8nScope } from './n8n-scope.js';

/** The place where steps are added: a function or a branch of the draft. */
export interface WalkContext {
  readonly steps: DraftStep[];
  /** Nodes at which the walk ends, because the steps behind them are written elsewhere. */
  readonly stops: ReadonlySet<string>;
  /** A loop over items ends at the first node that works on the whole list. */
  readonly stopsAtLists: boolean;
  readonly scope: N8nScope;
  readonly depth: number;
}

/** The end of a walk at one of its stops. */
export interface WalkReach {
  readonly target: N8nTarget;
  readonly current: Current;
}

/** What follows a node: further nodes, or the end of the walk. */
export type NodeOutcome =
  | {
      readonly kind: 'next';
      readonly current: Current;
      readonly targets: readonly N8nTarget[];
      /** The data is not the output of the node. */
      readonly hidden?: true;
    }
  | {
      readonly kind: 'stopped';
      readonly reach: WalkReach | undefined;
    };

/** Writes further parts of the graph, for nodes that decide what runs next. */
export interface N8nWriter {
  readonly follow: (
    targets: readonly N8nTarget[],
    current: Current,
    context: WalkContext,
  ) => WalkReach | undefined;
  readonly loop: (
    node: N8nNode,
    over: Current,
    targets: readonly N8nTarget[],
    context: WalkContext,
    stops: ReadonlySet<string>,
    stopsAtLists: boolean,
    list?: Expr,
    bodyIsMany?: boolean,
  ) => { step: Extract<DraftStep, { kind: 'each' }>; reach: WalkReach | undefined };
  readonly branch: (
    node: N8nNode,
    arms: readonly { condition: Expr | undefined; targets: readonly N8nTarget[] }[],
    current: Current,
    context: WalkContext,
  ) => NodeOutcome;
}

/** The walk as its parts see it: the graph, the nodes on the path to this place, and the way to write on. */
export interface WalkedGraph extends Pick<N8nWriter, 'follow'> {
  readonly graph: N8nGraph;
  readonly ledger: NodeLedger;
  readonly onPath: ReadonlySet<string>;
}

/** A node and everything that its translation needs. */
export interface N8nSite {
  readonly node: N8nNode;
  readonly current: Current;
  readonly context: WalkContext;
  /** The data of each input, when several paths meet at the node. */
  readonly inputs: ReadonlyMap<number, Current> | undefined;
  readonly place: N8nPlace;
  readonly ledger: NodeLedger;
  readonly tools: ToolChooser;
  readonly children: ReadonlyMap<string, string>;
  readonly graph: N8nGraph;
  readonly walk: N8nWriter;
  /** A parameter as an expression of the draft. */
  readonly value: (json: JsonValue | undefined) => Expr;
  readonly targets: (output?: number) => readonly N8nTarget[];
  readonly next: (expr: Expr, many?: boolean) => NodeOutcome;
  /** Leaves the node to a person. */
  readonly leave: (why: string) => NodeOutcome;
}

export type N8nTranslator = (site: N8nSite) => NodeOutcome;

/** Gives a value a variable, so that later nodes can refer to it. */
export function bound(site: N8nSite, value: Expr, many: boolean): NodeOutcome {
  const output: Variable = { hint: site.node.name };
  site.context.steps.push({ kind: 'let', node: site.node.name, value, output });
  return site.next(variableOf(output), many);
}
