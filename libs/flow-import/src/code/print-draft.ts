import type { Tool } from '@action-mesh/contracts/catalog';
import { toolsFile, type WantedTool } from '@action-mesh/flow-api/tools-file';

import type { DraftFlow, DraftTrigger, DraftStep, ToolChoice, Workflow } from '../model/workflow.js';
import { FreeNames, VariableNames } from './identifiers.js';
import { quoted } from './print-expression.js';
import { printSteps } from './print-steps.js';
import type { CodeLine, StepContext } from './step-lines.js';
import { usedVariables } from './used-variables.js';

/** A file of a draft. */
export interface DraftFile {
  readonly path: string;
  readonly text: string;
}

/** The place of a node's first line in a draft. */
export interface CodePlace {
  readonly file: string;
  readonly line: number;
}

export interface PrintedDraft {
  readonly files: readonly DraftFile[];
  readonly places: ReadonlyMap<string, CodePlace>;
  readonly tools: readonly ToolChoice[];
}

/** The package of the authoring API, as authors import it. */
export const flowApi = '@action-mesh/sdk/flows';

const apiNames = (
  'at byIndex chunks codeResult codeScope dateText Dynamic everyPair flow ifEmpty isEmpty kept later mailMessage pairedByField ' +
  'pairedByPosition pairOf parseJson sorted todo toBoolean toList toText toNumber toTime ToolCallFailed trigger unique base64 run user'
).split(' ');
const types = new Set(['Dynamic']);

/** Writes the flows of a workflow as TypeScript files. The same workflow gives the same bytes. */
export function printDraft(workflow: Workflow): PrintedDraft {
  const files: DraftFile[] = [];
  const places = new Map<string, CodePlace>();
  const choices = new Map<string, ToolChoice>();
  for (const flow of workflow.flows)
    for (const choice of choicesOf(flow)) choices.set(slugOfChoice(choice), choice);
  for (const flow of workflow.flows) {
    const { lines, code } = printFlow(flow, workflow, [...choices.keys()]);
    const path = `${flow.id}.ts`;
    files.push({ path, text: lines.map(({ text }) => `${text}\n`).join('') });
    if (code !== undefined) files.push({ path: `${flow.id}.code.ts`, text: code });
    let number = 1;
    for (const { text, node } of lines) {
      if (node !== undefined && !places.has(node)) places.set(node, { file: path, line: number });
      number += text.split('\n').length;
    }
  }
  return { files, places, tools: [...choices.values()] };
}

/** `tools.ts` with the tools of all flows of an import. */
export function printTools(choices: readonly ToolChoice[]): DraftFile | undefined {
  const bySlug = new Map(choices.map((choice) => [slugOfChoice(choice), choice]));
  if (bySlug.size === 0) return undefined;
  const all = [...bySlug.values()];
  const tools: Tool[] = all.flatMap((choice) => ('tool' in choice ? [choice.tool] : []));
  const wanted: WantedTool[] = all.flatMap((choice) => ('wanted' in choice ? [choice.wanted] : []));
  return { path: 'tools.ts', text: toolsFile(tools, wanted, flowApi) };
}

const slugOfChoice = (choice: ToolChoice) => ('tool' in choice ? choice.tool.slug : choice.wanted.slug);

function choicesOf(flow: DraftFlow): ToolChoice[] {
  const found: ToolChoice[] = flow.trigger.kind === 'poll' ? [flow.trigger.choice] : [];
  const pending: unknown[] = [flow.steps];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null) continue;
    if ('choice' in next && 'kind' in next && next.kind === 'call') {
      const { choice, onError } = next as Extract<DraftStep, { kind: 'call' }>;
      found.push(choice);
      pending.push(onError?.steps);
    } else pending.push(...(Object.values(next) as unknown[]));
  }
  return found;
}

function printFlow(
  flow: DraftFlow,
  workflow: Workflow,
  tools: readonly string[],
): { lines: readonly CodeLine[]; code: string | undefined } {
  const names = new VariableNames([...apiNames, ...tools]);
  const context: StepContext = {
    names,
    helpers: new Set(['flow', 'trigger']),
    steps: new FreeNames('-'),
    tools: new Set(),
    codes: new Map(),
    codeNames: new FreeNames('', [...apiNames, ...tools]),
    children: new Map(),
    used: usedVariables(flow.steps),
    comment: (node) => commentOf(workflow, node),
  };
  const input = names.of(flow.input);
  const body = printSteps(flow.steps, context, 1, 'run');
  const on = printTrigger(flow.trigger, context);
  const ends = flow.steps.some(({ kind }) => kind === 'return' || kind === 'end');
  const usesRun = body.some(({ text }) => /\brun\b/.test(text));
  const parameters = context.used.has(flow.input) ? `run, ${input}` : usesRun ? 'run' : '';
  const values = [...context.helpers].filter((name) => !types.has(name)).sort();
  const imported = [
    ...values,
    ...[...context.helpers].filter((name) => types.has(name)).map((name) => `type ${name}`),
  ];
  const lines: CodeLine[] = [
    {
      text: `// ${oneLine(workflow.title)}: a draft, imported from ${workflow.source}. Read the report before you deploy it.`,
    },
    { text: `import { ${imported.join(', ')} } from '${flowApi}';` },
    ...(context.codes.size > 0
      ? [{ text: `import { ${[...context.codes.keys()].sort().join(', ')} } from './${flow.id}.code.js';` }]
      : []),
    ...[...context.children].map(([id, name]) => ({ text: `import ${name} from './${id}.js';` })),
    ...(context.tools.size > 0
      ? [{ text: `import { ${[...context.tools].sort().join(', ')} } from './tools.js';` }]
      : []),
    { text: '' },
    { text: 'export default flow(' },
    { text: '  {' },
    { text: `    id: ${quoted(flow.id)},` },
    { text: '    version: 1,' },
    { text: `    on: ${on},`, ...(flow.node === undefined ? {} : { node: flow.node }) },
    { text: `    user: (_input, config) => config['flow_user'],` },
    { text: '  },' },
    { text: `  async (${parameters}) => {` },
    ...body.map((line) => ({ ...line, text: indented(line.text) })),
    ...(ends ? [] : [{ text: '    return undefined;' }]),
    { text: '  },' },
    { text: ');' },
  ];
  return { lines, code: context.codes.size === 0 ? undefined : printCode(context.codes) };
}

/** Moves a statement one level in. Lines of a template's text keep their bytes, since texts are written in one line. */
const indented = (text: string) =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

function printTrigger(trigger: DraftTrigger, context: StepContext): string {
  switch (trigger.kind) {
    case 'webhook':
      return `trigger.webhook(${quoted(trigger.name)})`;
    case 'schedule':
      return trigger.timezone === undefined
        ? `trigger.schedule(${quoted(trigger.cron)})`
        : `trigger.schedule(${quoted(trigger.cron)}, { timezone: ${quoted(trigger.timezone)} })`;
    case 'manual':
      return 'trigger.manual()';
    case 'poll': {
      const slug = slugOfChoice(trigger.choice);
      context.tools.add(slug);
      context.helpers.add('toText').add('Dynamic');
      return `trigger.poll(${slug}, { arguments: {}, everySeconds: ${trigger.everySeconds}, key: (record: Dynamic) => toText(record?.id) })`;
    }
    case 'todo':
      context.helpers.add('todo');
      return `todo(${quoted(trigger.what)})`;
  }
}

/** Code of the export keeps its text, so the compiler does not look into it. */
function printCode(codes: ReadonlyMap<string, Extract<DraftStep, { kind: 'code' }>>): string {
  const functions = [...codes].map(
    ([name, { source, parameters }]) =>
      `export function ${name}(${parameters.length === 0 ? '_scope' : `{ ${parameters.join(', ')} }`}: CodeScope): Dynamic {\n${source}\n}\n`,
  );
  return [
    '// @ts-nocheck -- code of the old product: read it, and give it types when you keep it.',
    `import type { CodeScope, Dynamic } from '${flowApi}';`,
    '',
    ...functions,
  ].join('\n');
}

const oneLine = (text: string) =>
  text
    .replaceAll(/[\s\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim()
    .slice(0, 120);

function commentOf({ nodes }: Workflow, key: string): string | undefined {
  const node = nodes.get(key);
  if (node === undefined) return undefined;
  const hazards = node.hazards.length > 0 ? `; check: ${node.hazards.join(', ')}` : '';
  return oneLine(`${oneLine(node.title)} (${oneLine(node.type)})${hazards}`);
}
