import { importFlow, type FlowImport, type NodeReport } from '../src/index.js';
import { goldenCatalogue } from './catalogue.js';

export interface GivenNode {
  readonly type: string;
  readonly version?: number;
  readonly parameters?: unknown;
  readonly [setting: string]: unknown;
}

/** An edge such as `If 1 > Send` (output 1) or `Fetch > Merge 1` (input 1). */
type Edge = string;

/** The text of a workflow of n8n with the nodes by name. The canvas has them from top to bottom in their order. */
export function workflowText(
  nodes: Readonly<Record<string, GivenNode>>,
  edges: readonly Edge[],
  rest: object = {},
): string {
  const connections = Object.create(null) as Record<
    string,
    { main: { node: string; type: string; index: number }[][] }
  >;
  for (const edge of edges) {
    const [, source = '', output = '0', target = '', input = '0'] =
      /^(.+?)(?: (\d))? > (.+?)(?: (\d))?$/.exec(edge) ?? [];
    const outputs = (connections[source] ??= { main: [] }).main;
    while (outputs.length <= Number(output)) outputs.push([]);
    outputs[Number(output)]?.push({ node: target, type: 'main', index: Number(input) });
  }
  return JSON.stringify({
    name: 'Case',
    nodes: Object.entries(nodes).map(([name, { type, version, ...node }], index) => ({
      name,
      type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
      ...(version === undefined ? {} : { typeVersion: version }),
      position: [0, index * 100],
      parameters: {},
      ...node,
    })),
    connections,
    ...rest,
  });
}

/** The draft of a workflow, without comments and indentation. */
export function draftOf(text: string): {
  lines: readonly string[];
  code: string;
  result: FlowImport;
  node: (name: string) => NodeReport;
} {
  const result = importFlow({ text, name: 'case.json', catalogue: goldenCatalogue });
  const file = result.files.find(({ path }) => path === 'case.ts');
  const lines = (file?.text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'));
  const nodes = result.report.workflows.flatMap((workflow) => workflow.nodes);
  return {
    lines,
    code: lines.join('\n'),
    result,
    node: (name) => {
      const found = nodes.find(({ title }) => title === name);
      if (found === undefined) throw new Error(`no node ${name}`);
      return found;
    },
  };
}

export const manual: GivenNode = { type: 'manualTrigger', version: 1 };
export const hook: GivenNode = {
  type: 'webhook',
  version: 2,
  parameters: { path: 'event', authentication: 'headerAuth' },
};

export const sends = (text: string): GivenNode => ({
  type: 'slack',
  version: 2.2,
  parameters: { channelId: 'C1', text },
});

export const condition = (
  leftValue: string,
  type: string,
  operation: string,
  rightValue: unknown = '',
): object => ({
  conditions: {
    options: { caseSensitive: true, typeValidation: 'strict' },
    combinator: 'and',
    conditions: [{ leftValue, rightValue, operator: { type, operation } }],
  },
});
