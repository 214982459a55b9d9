import type { Tool } from '@action-mesh/contracts/catalog';
import type { WantedTool } from '@action-mesh/flow-api/tools-file';

import type { Expr, Variable } from './expression.js';
import type { NodeRecord } from './node-record.js';

export type SourceFormat = 'n8n' | 'make' | 'zapier';

/** The tool of a call: one of the catalog, or one that the catalog should get. */
export type ToolChoice = { readonly tool: Tool } | { readonly wanted: WantedTool };

/** The conditional part of a branch. `result` is the value of the branch for the steps behind it. */
export interface Arm {
  readonly condition: Expr;
  readonly steps: readonly DraftStep[];
  readonly result?: Expr;
}

/** A step of the control tree. `node` is the key of the node in the export that it comes from. */
export type DraftStep =
  | {
      readonly kind: 'call';
      readonly node: string;
      readonly name: string;
      readonly choice: ToolChoice;
      readonly args: Expr;
      readonly output: Variable;
      readonly onError?: {
        readonly error: Variable;
        readonly steps: readonly DraftStep[];
        readonly result?: Expr;
      };
    }
  | { readonly kind: 'let'; readonly node: string; readonly value: Expr; readonly output: Variable }
  | { readonly kind: 'clock'; readonly node: string; readonly name: string; readonly output: Variable }
  | { readonly kind: 'seed'; readonly node: string; readonly name: string; readonly output: Variable }
  | {
      readonly kind: 'code';
      readonly node: string;
      readonly name: string;
      readonly source: string;
      /** The names of the scope that the code uses. */
      readonly parameters: readonly string[];
      readonly scope: Expr;
      readonly output: Variable;
      /** The step works on one item and gives one. */
      readonly one: boolean;
    }
  | {
      readonly kind: 'if';
      readonly node: string;
      readonly name: string;
      readonly arms: readonly Arm[];
      readonly otherwise: readonly DraftStep[];
      readonly otherwiseResult?: Expr;
      readonly output?: Variable;
    }
  | {
      readonly kind: 'each';
      readonly node: string;
      readonly name: string;
      readonly list: Expr;
      readonly item: Variable;
      readonly index: Variable;
      readonly steps: readonly DraftStep[];
      readonly output: Variable;
    }
  | { readonly kind: 'all'; readonly node: string; readonly branches: readonly Branch[] }
  | { readonly kind: 'block'; readonly steps: readonly DraftStep[]; readonly output: Variable }
  /** Ends the innermost function with a value, or the path of an item without one. */
  | { readonly kind: 'return'; readonly value?: Expr }
  | { readonly kind: 'end'; readonly reason: string }
  | {
      readonly kind: 'sleep';
      readonly node: string;
      readonly name: string;
      readonly until: Expr;
    }
  | {
      readonly kind: 'ask';
      readonly node: string;
      readonly name: string;
      readonly question: Expr;
      readonly choices: readonly string[];
      readonly output: Variable;
    }
  | { readonly kind: 'respond'; readonly node: string; readonly status?: Expr; readonly body?: Expr }
  | { readonly kind: 'fail'; readonly node: string; readonly reason: Expr }
  | {
      readonly kind: 'flow';
      readonly node: string;
      readonly name: string;
      /** Id of a flow in the same import. */
      readonly child: string;
      readonly input: Expr;
      readonly output: Variable;
    }
  | { readonly kind: 'todo'; readonly node: string; readonly what: string; readonly output?: Variable };

export interface Branch {
  readonly name: string;
  readonly steps: readonly DraftStep[];
  readonly result: Expr;
  readonly output: Variable;
}

export type DraftTrigger =
  | { readonly kind: 'webhook'; readonly name: string }
  | { readonly kind: 'schedule'; readonly cron: string; readonly timezone?: string }
  | { readonly kind: 'manual' }
  | { readonly kind: 'poll'; readonly choice: ToolChoice; readonly everySeconds: number }
  | { readonly kind: 'todo'; readonly what: string };

/** One flow of the draft: a trigger and the steps behind it. */
export interface DraftFlow {
  readonly id: string;
  readonly title: string;
  readonly node?: string;
  readonly trigger: DraftTrigger;
  readonly input: Variable;
  readonly steps: readonly DraftStep[];
}

/** A connection that the old product used, to be made again for each user. */
export interface DraftConnection {
  readonly kind: string;
  readonly name: string;
  readonly nodes: readonly string[];
}

/** The model between the three formats and the code. */
export interface Workflow {
  readonly source: SourceFormat;
  readonly title: string;
  readonly flows: readonly DraftFlow[];
  readonly nodes: ReadonlyMap<string, NodeRecord>;
  readonly connections: readonly DraftConnection[];
  /** Nodes with recorded sample output, with the number of its items. */
  readonly samples: ReadonlyMap<string, number>;
  /** Whatever the file cannot say, one sentence each. */
  readonly unknowns: readonly string[];
  readonly triggers: readonly string[];
}
