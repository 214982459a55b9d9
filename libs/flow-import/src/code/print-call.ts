import type { DraftStep } from '../model/workflow.js';
import { quoted, type printExpression } from './print-expression.js';
import { printAgain, type CodeLine, type StepContext, type StepPlace } from './step-lines.js';

/** Prints the parts of one statement. */
export interface StatementPrinters {
  readonly show: (expr: Parameters<typeof printExpression>[0]) => string;
  readonly line: (text: string) => CodeLine;
  readonly inside: (steps: readonly DraftStep[]) => CodeLine[];
  readonly stepName: (name: string) => string;
}

/** Writes a call, with a `try` around it when the step goes on after a failure. */
export function printCall(
  step: Extract<DraftStep, { kind: 'call' }>,
  context: StepContext,
  depth: number,
  place: StepPlace,
  { show, line, inside, stepName }: StatementPrinters,
): CodeLine[] {
  const slug = 'tool' in step.choice ? step.choice.tool.slug : step.choice.wanted.slug;
  context.tools.add(slug);
  const call = `await run.call(${stepName(step.name)}, ${slug}, ${show(step.args)})`;
  const isUsed = context.used.has(step.output);
  if (step.onError === undefined) {
    return [line(isUsed ? `const ${context.names.of(step.output)} = ${call};` : `${call};`)];
  }
  const { error, steps, result } = step.onError;
  const output = isUsed ? context.names.of(step.output) : undefined;
  const caught = context.names.of(error);
  context.helpers.add('ToolCallFailed');
  if (output !== undefined) context.helpers.add('Dynamic');
  const handler = inside(steps);
  const ends = steps.some(({ kind }) => kind === 'return' || kind === 'end');
  return [
    ...(output === undefined ? [] : [line(`let ${output}: Dynamic;`)]),
    line('try {'),
    line(`  ${output === undefined ? '' : `${output} = `}${printAgain(call, depth)};`),
    line(`} catch (${caught}) {`),
    line(`  if (!(${caught} instanceof ToolCallFailed)) throw ${caught};`),
    ...handler,
    ...(ends || result === undefined || output === undefined ? [] : [line(`  ${output} = ${show(result)};`)]),
    ...(ends || result !== undefined
      ? []
      : [line(place === 'run' ? `  return run.end(${quoted(step.name)});` : '  return undefined;')]),
    line('}'),
  ];
}
