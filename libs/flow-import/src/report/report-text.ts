import type { FlowReport } from './flow-report.js';
import type { StateCounts, WorkflowReport } from './workflow-report.js';

/** Text of strangers in a table: one line, no markup of Markdown or HTML. */
const cell = (text: string): string =>
  text
    .replaceAll(/[\s\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>|#!&]/g, (char) => `\\${char}`)
    .slice(0, 400);

const counted = ({ translated, check, manual, dropped }: StateCounts) =>
  `${translated} translated, ${check} to check, ${manual} manual, ${dropped} dropped`;

/** The report as Markdown. */
export function flowReportText(report: FlowReport): string {
  const lines = [
    `# Import of ${cell(report.file)}`,
    '',
    `From ${report.source}: ${counted(report.counts)}.`,
    report.isComplete
      ? 'Nothing is left to write: the draft compiles.'
      : 'The draft does not compile until the manual steps are written.',
    ...report.workflows.flatMap(workflowLines),
    '',
    '## Secrets',
    '',
    ...(report.secrets.length === 0
      ? ['None recognized.']
      : [
          'They were left out of every output. Replace each at its provider.',
          '',
          ...report.secrets.map(({ where, kind }) => `- ${cell(kind)} at ${cell(where)}`),
        ]),
    '',
    '## Hazards',
    '',
    ...Object.entries(report.meanings).map(([hazard, meaning]) => `- \`${hazard}\`: ${meaning}`),
    '',
    '## Readiness',
    '',
    '| | check | state | evidence |',
    '|---|---|---|---|',
    ...report.readiness.map(
      ({ check, state, evidence }, index) =>
        `| ${index + 1} | ${cell(check)} | ${state} | ${cell(evidence)} |`,
    ),
    '',
  ];
  return lines.join('\n');
}

function workflowLines(workflow: WorkflowReport): string[] {
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : ['', `### ${title}`, '', ...items.map((item) => `- ${item}`)];
  return [
    '',
    `## ${cell(workflow.title)}`,
    '',
    `${counted(workflow.counts)}. Of the nodes that write: ${counted(workflow.writes)}.`,
    '',
    '| node | type | state | line | hazards | notes |',
    '|---|---|---|---|---|---|',
    ...workflow.nodes.map(({ title, type, state, place, hazards, notes }) => {
      const line = place === undefined ? '' : `${place.file}:${place.line}`;
      return `| ${cell(title)} | ${cell(type)} | ${state} | ${line} | ${hazards.join(', ')} | ${cell(notes.join('; '))} |`;
    }),
    ...list(
      'Triggers to switch',
      workflow.flows.map(({ file, trigger }) => `${file}: ${cell(trigger)}`),
    ),
    ...list(
      'Connections to make for each user',
      workflow.connections.map(
        ({ kind, name, nodes }) => `${cell(kind)} (${cell(name)}): ${cell(nodes.join(', '))}`,
      ),
    ),
    ...list(
      'Tools to add to the catalog',
      workflow.wantedTools.map(({ slug, description }) => `\`${slug}\`: ${cell(description)}`),
    ),
    ...list(
      'Samples in the file',
      Object.entries(workflow.samples).map(([node, count]) => `${cell(node)}: ${count}`),
    ),
    ...list('Not in the file', workflow.unknowns),
  ];
}
