import { variableOf } from '../model/expression.js';
import type { DraftStep } from '../model/workflow.js';
import { printExpression } from './print-expression.js';
import type { BlockPrinter, CodeLine, StepContext, StepPlace } from './step-lines.js';

/** Writes a branch. A condition that only ends the path becomes a guard in one line. */
export function printIf(
  step: Extract<DraftStep, { kind: 'if' }>,
  context: StepContext,
  depth: number,
  place: StepPlace,
  printBlock: BlockPrinter,
): CodeLine[] {
  const pad = '  '.repeat(depth);
  const line = (text: string): CodeLine => ({ text: pad + text });
  const show = (expr: Parameters<typeof printExpression>[0]) => printExpression(expr, context, depth);
  const output = step.output !== undefined && context.used.has(step.output) ? step.output : undefined;
  const [only] = step.arms;
  // A condition without anything in its way is a guard: the rest stays at one level.
  if (
    step.arms.length === 1 &&
    only?.steps.length === 0 &&
    output === undefined &&
    only.result === undefined
  ) {
    const ends = printBlock(step.otherwise, context, depth + 1, place);
    if (ends.length === 0) return [];
    const [single] = ends;
    if (ends.length === 1 && single !== undefined && step.otherwise[0]?.kind === 'end') {
      return [line(`if (!(${show(only.condition)})) ${single.text.trim()}`)];
    }
    return [line(`if (!(${show(only.condition)})) {`), ...ends, line('}')];
  }
  const assign = (
    result: Parameters<typeof printExpression>[0] | undefined,
    steps: readonly DraftStep[],
  ): CodeLine[] =>
    output === undefined ||
    result === undefined ||
    steps.some(({ kind }) => kind === 'end' || kind === 'return')
      ? []
      : [line(`  ${context.names.of(output)} = ${show(result)};`)];
  const lines: CodeLine[] = [];
  if (output !== undefined) {
    context.helpers.add('Dynamic');
    lines.push(line(`let ${show(variableOf(output))}: Dynamic;`));
  }
  const armLines = step.arms.map((arm) => [
    ...printBlock(arm.steps, context, depth + 1, place, step.node),
    ...assign(arm.result, arm.steps),
  ]);
  const otherwise = [
    ...printBlock(step.otherwise, context, depth + 1, place),
    ...assign(step.otherwiseResult, step.otherwise),
  ];
  if (armLines.length === 1 && armLines[0]?.length === 0 && only !== undefined) {
    if (otherwise.length > 0) lines.push(line(`if (!(${show(only.condition)})) {`), ...otherwise, line('}'));
    return lines;
  }
  step.arms.forEach((arm, index) => {
    lines.push(
      line(`${index === 0 ? '' : '} else '}if (${show(arm.condition)}) {`),
      ...(armLines[index] ?? []),
    );
  });
  if (otherwise.length > 0) lines.push(line('} else {'), ...otherwise);
  lines.push(line('}'));
  return lines;
}
