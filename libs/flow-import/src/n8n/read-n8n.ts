import type { Tool } from '@action-mesh/contracts/catalog';
import type { JsonObject } from '@action-mesh/kernel';

import { slugOf, type FreeNames } from '../code/identifiers.js';
import { variableOf, type Variable } from '../model/expression.js';
import { NodeLedger } from '../model/node-record.js';
import type { DraftConnection, DraftFlow, DraftStep, Workflow } from '../model/workflow.js';
import { field, elementsOf, recordOf, plainTextOf } from '../read/fields.js';
import { FlowImportError } from '../read/flow-import.errors.js';
import { exportLimits } from '../read/parse-export.js';
import { ToolChooser } from '../tools/tool-chooser.js';
import { agentNode, appNode, httpNode, mailNode } from './call-nodes.js';
import { codeNodes, codeTakesList } from './code-nodes.js';
import { dataNodes } from './data-nodes.js';
import { flowNodes } from './flow-nodes.js';
import { N8nGraph, type N8nNode } from './n8n-graph.js';
import { N8nScope } from './n8n-scope.js';
import type { N8nTranslator } from './n8n-site.js';
import { isTrigger, n8nTrigger } from './n8n-triggers.js';
import { N8nWalk } from './n8n-walk.js';

const listTypes = new Set([
  'splitOut',
  'aggregate',
  'limit',
  'sort',
  'removeDuplicates',
  'itemLists',
  'merge',
  'splitInBatches',
  'summarize',
  'compareDatasets',
]);
const agentTypes = [
  'agent',
  'chainLlm',
  'chainSummarization',
  'chainRetrievalQa',
  'openAi',
  'informationExtractor',
  'googleGemini',
  'anthropic',
];
const maxTriggers = 50;

const isListNode = ({ type, parameters }: N8nNode): boolean =>
  listTypes.has(type) ||
  codeTakesList(type, parameters['mode']) ||
  (type === 'respondToWebhook' && parameters['respondWith'] === 'allIncomingItems');

const translators: ReadonlyMap<string, N8nTranslator> = new Map<string, N8nTranslator>([
  ...flowNodes,
  ...dataNodes,
  ...codeNodes,
  ['httpRequest', httpNode],
  ['emailSend', mailNode],
  ...agentTypes.map((type) => [type, agentNode] as const),
]);

/** The translator of a type: those above, then the apps of the table. */
const translatorOf = (type: string): N8nTranslator =>
  translators.get(type) ?? ((site) => appNode(site) ?? site.leave(`no translation of ${site.node.fullType}`));

/** Reads one workflow of n8n. `children` has the flows of the same import by the ids of their workflows. */
export function readN8n(
  workflow: JsonObject,
  catalogue: readonly Tool[],
  flowIds: FreeNames,
  children: ReadonlyMap<string, string>,
): Workflow {
  if (elementsOf(workflow['nodes']).length > exportLimits.maxNodes) {
    throw new FlowImportError(`a workflow has more than ${exportLimits.maxNodes} nodes: split it first`);
  }
  const graph = new N8nGraph(workflow);
  const title = plainTextOf(workflow['name']) ?? 'Imported workflow';
  const timezone = plainTextOf(field(workflow, 'settings', 'timezone'));
  const zone = timezone === 'DEFAULT' ? undefined : timezone;
  const ledger = new NodeLedger();
  for (const node of graph.nodes.values()) ledger.add(node.name, node.name, node.fullType);
  for (const [key, node] of graph.namesakes) {
    ledger.add(key, key, node.fullType);
    ledger.manual(key, 'another node has the same name');
  }
  const tools = new ToolChooser(catalogue, ledger);
  const triggers = usedTriggers(graph, ledger);
  if (triggers.length > maxTriggers)
    throw new FlowImportError(`a workflow has more than ${maxTriggers} triggers: split it first`);
  // Other workflows call the flow of this trigger.
  const callable = triggers.find(({ type }) => type === 'executeWorkflowTrigger') ?? triggers[0];
  const own = children.get(plainTextOf(workflow['id']) ?? '');
  const flows = triggers.map((node, index): DraftFlow => {
    const id =
      node === callable && own !== undefined
        ? own
        : flowIds.take(slugOf(index === 0 ? title : `${title} ${node.name}`, 'flow'));
    const input: Variable = { hint: 'input' };
    const trigger = n8nTrigger(node, ledger, zone);
    const steps: DraftStep[] = [];
    const scope = new N8nScope();
    const current = { expr: variableOf(input), many: false, from: node.name };
    scope.learn(node.name, current);
    const walk = new N8nWalk({
      graph,
      ledger,
      tools,
      translatorOf,
      isListNode,
      envelope: node.type === 'webhook' ? current.expr : undefined,
      workflowName: title,
      timezone: zone,
      children: new Map([...children].filter(([, child]) => child !== id)),
    });
    walk.follow(graph.targets(node.name, 0), current, {
      steps,
      stops: new Set(),
      stopsAtLists: false,
      scope,
      depth: 0,
    });
    return { id, title, node: node.name, trigger, input, steps };
  });
  finish(graph, ledger);
  return {
    source: 'n8n',
    title,
    flows,
    nodes: ledger.close(),
    connections: connectionsOf(graph),
    samples: samplesOf(workflow),
    unknowns: unknownsOf(workflow, zone),
    triggers: triggers.map(({ name }) => name),
  };
}

/** A manual trigger beside another trigger with the same targets is a button for tests. */
function usedTriggers(graph: N8nGraph, ledger: NodeLedger): readonly N8nNode[] {
  const triggers = [...graph.nodes.values()].filter((node) => isTrigger(node) && !graph.hasInput(node.name));
  const enabled = triggers.filter((node) => {
    if (node.disabled) ledger.dropped(node.name, 'it is disabled');
    return !node.disabled;
  });
  const goals = (node: N8nNode) => JSON.stringify(graph.targets(node.name, 0));
  return enabled.filter((node) => {
    const isButton =
      node.type === 'manualTrigger' &&
      enabled.some(
        (other) => other !== node && other.type !== 'manualTrigger' && goals(other) === goals(node),
      );
    if (isButton) ledger.dropped(node.name, 'it starts the same steps by hand, as every flow can be started');
    return !isButton;
  });
}

/** Notes, and sub-nodes of agents that no flow reaches. */
function finish(graph: N8nGraph, ledger: NodeLedger): void {
  for (const node of graph.nodes.values()) {
    if (node.type === 'stickyNote') ledger.dropped(node.name, 'it is a note');
  }
}

function connectionsOf(graph: N8nGraph): readonly DraftConnection[] {
  const found = new Map<string, { kind: string; name: string; nodes: string[] }>();
  for (const node of graph.nodes.values()) {
    for (const [kind, value] of Object.entries(recordOf(node.raw['credentials']))) {
      const name = plainTextOf(field(value, 'name')) ?? plainTextOf(value) ?? kind;
      const key = JSON.stringify([kind, name]);
      const known = found.get(key) ?? { kind, name, nodes: [] };
      known.nodes.push(node.name);
      found.set(key, known);
    }
  }
  return [...found.values()];
}

function samplesOf(workflow: JsonObject): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(recordOf(workflow['pinData'])).map(([name, items]) => [name, elementsOf(items).length]),
  );
}

function unknownsOf(workflow: JsonObject, zone: string | undefined): readonly string[] {
  const errorWorkflow = plainTextOf(field(workflow, 'settings', 'errorWorkflow'));
  return [
    ...(zone === undefined ? ['The time zone is a setting of the instance.'] : []),
    ...(errorWorkflow === undefined
      ? []
      : ['An error workflow is named in the settings, and is not in the file.']),
    'Static data (cursors, counters) is not in an export.',
    'Credentials are not in an export.',
  ];
}
