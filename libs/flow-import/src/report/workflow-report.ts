import type { CodePlace, PrintedDraft } from '../code/print-draft.js';
import type { Hazard } from '../model/hazards.js';
import type { NodeRecord } from '../model/node-record.js';
import type { Workflow } from '../model/workflow.js';

export interface StateCounts {
  readonly translated: number;
  readonly check: number;
  readonly manual: number;
  readonly dropped: number;
}

export interface NodeReport extends NodeRecord {
  /** The first line of the node in the draft. */
  readonly place?: CodePlace;
}

export interface WorkflowReport {
  readonly title: string;
  readonly counts: StateCounts;
  /** Counts of the nodes that write. */
  readonly writes: StateCounts;
  readonly nodes: readonly NodeReport[];
  readonly flows: readonly { readonly file: string; readonly trigger: string }[];
  readonly hazards: Readonly<Partial<Record<Hazard, number>>>;
  readonly connections: Workflow['connections'];
  readonly wantedTools: readonly { readonly slug: string; readonly description: string }[];
  readonly samples: Readonly<Record<string, number>>;
  readonly unknowns: readonly string[];
}

export interface ReadDraft {
  readonly workflow: Workflow;
  readonly draft: PrintedDraft;
}
