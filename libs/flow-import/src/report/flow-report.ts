import { hazards as meanings, type Hazard } from '../model/hazards.js';
import type { NodeRecord, NodeState } from '../model/node-record.js';
import type { DraftTrigger, SourceFormat } from '../model/workflow.js';
import type { FoundSecret } from '../read/secrets.js';
import type { NodeReport, ReadDraft, StateCounts, WorkflowReport } from './workflow-report.js';
import { readinessOf, type ReadinessLine } from './readiness.js';

/** What became of an export. It holds no value of the file beyond names. */
export interface FlowReport {
  readonly file: string;
  readonly source: SourceFormat;
  readonly counts: StateCounts;
  /** Whether the draft compiles: no node is left to a person. */
  readonly isComplete: boolean;
  readonly workflows: readonly WorkflowReport[];
  /** Secrets that the file contained. They were left out of every output. */
  readonly secrets: readonly FoundSecret[];
  readonly meanings: Readonly<Partial<Record<Hazard, string>>>;
  readonly readiness: readonly ReadinessLine[];
}

export function flowReport(
  file: string,
  source: SourceFormat,
  drafts: readonly ReadDraft[],
  secrets: readonly FoundSecret[],
): FlowReport {
  const workflows = drafts.map(workflowReport);
  const nodes = workflows.flatMap((workflow) => workflow.nodes);
  const counts = countsOf(nodes);
  const used = [...new Set(nodes.flatMap((node) => node.hazards))].sort();
  return {
    file: file.replaceAll(/\s+/g, ' ').slice(0, 200),
    source,
    counts,
    isComplete: counts.manual === 0,
    workflows,
    secrets,
    meanings: Object.fromEntries(used.map((hazard) => [hazard, meanings[hazard]])),
    readiness: readinessOf(drafts, workflows, secrets),
  };
}

function workflowReport({ workflow, draft }: ReadDraft): WorkflowReport {
  const nodes = [...workflow.nodes.values()].map((node): NodeReport => {
    const place = draft.places.get(node.key);
    return { ...node, ...(place === undefined ? {} : { place }) };
  });
  const hazards = new Map<Hazard, number>();
  for (const node of nodes)
    for (const hazard of node.hazards) hazards.set(hazard, (hazards.get(hazard) ?? 0) + 1);
  return {
    title: workflow.title,
    counts: countsOf(nodes),
    writes: countsOf(nodes.filter((node) => node.writes)),
    nodes,
    flows: workflow.flows.map(({ id, trigger }) => ({ file: `${id}.ts`, trigger: triggerText(trigger) })),
    hazards: Object.fromEntries([...hazards].sort(([a], [b]) => (a < b ? -1 : 1))),
    connections: workflow.connections,
    wantedTools: draft.tools
      .flatMap((choice) => ('wanted' in choice ? [choice.wanted] : []))
      .map(({ slug, description }) => ({ slug, description })),
    samples: Object.fromEntries(workflow.samples),
    unknowns: workflow.unknowns,
  };
}

function countsOf(nodes: readonly NodeRecord[]): StateCounts {
  const of = (state: NodeState) => nodes.filter((node) => node.state === state).length;
  return { translated: of('translated'), check: of('check'), manual: of('manual'), dropped: of('dropped') };
}

function triggerText(trigger: DraftTrigger): string {
  switch (trigger.kind) {
    case 'webhook':
      return `webhook ${trigger.name}`;
    case 'schedule':
      return `schedule ${trigger.cron}${trigger.timezone === undefined ? '' : ` (${trigger.timezone})`}`;
    case 'poll':
      return `poll every ${trigger.everySeconds} s`;
    case 'manual':
      return 'manual';
    case 'todo':
      return 'not written yet';
  }
}
