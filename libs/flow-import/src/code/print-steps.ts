import type { Variable } from '../model/expression.js';
import type { DraftStep } from '../model/workflow.js';
import { stepWords } from './identifiers.js';
import { printCall } from './print-call.js';
import { printExpression, quoted } from './print-expression.js';
import { printIf } from './print-if.js';
import { printAgain, type CodeLine, type StepContext, type StepPlace } from './step-lines.js';

/** Writes steps as the statements of an async function. Each step says whether it is the function of a run. */
export function printSteps(
  steps: readonly DraftStep[],
  context: StepContext,
  depth: number,
  place: StepPlace,
  above?: string,
): CodeLine[] {
  const lines: CodeLine[] = [];
  let commented = above;
  for (const step of steps) {
    const node = 'node' in step ? step.node : undefined;
    const comment = node === undefined || node === commented ? undefined : context.comment(node);
    if (comment !== undefined) lines.push({ text: `${'  '.repeat(depth)}// ${comment}` });
    if (node !== undefined) commented = node;
    for (const { text, node: own } of statement(step, context, depth, place)) {
      const from = own ?? node;
      lines.push({ text, ...(from === undefined ? {} : { node: from }) });
    }
    // Nothing runs behind the end of a path.
    if (step.kind === 'return' || step.kind === 'end') break;
  }
  return lines;
}

function statement(step: DraftStep, context: StepContext, depth: number, place: StepPlace): CodeLine[] {
  const pad = '  '.repeat(depth);
  const show = (expr: Parameters<typeof printExpression>[0]) => printExpression(expr, context, depth);
  const line = (text: string): CodeLine => ({ text: pad + text });
  const inside = (steps: readonly DraftStep[]) => printSteps(steps, context, depth + 1, place);
  const assign = (output: Variable | undefined) =>
    output !== undefined && context.used.has(output) ? `const ${context.names.of(output)} = ` : '';
  const stepName = (name: string) => quoted(context.steps.take(stepWords(name)));
  switch (step.kind) {
    case 'let':
      return context.used.has(step.output)
        ? [line(`const ${context.names.of(step.output)}${typed(context)} = ${show(step.value)};`)]
        : step.value.kind === 'todo'
          ? [line(`${show(step.value)};`)]
          : [];
    case 'clock':
      return [
        line(`const ${context.names.of(step.output)} = await run.now(${stepName(`${step.name} now`)});`),
      ];
    case 'seed':
      return [
        line(`const ${context.names.of(step.output)} = await run.uuid(${stepName(`${step.name} random`)});`),
      ];
    case 'call':
      return printCall(step, context, depth, place, { show, line, inside, stepName });
    case 'code': {
      const name = context.codeNames.take(context.names.of(step.output) + 'Code');
      context.codes.set(name, step);
      context.helpers.add('codeResult').add('codeScope');
      const call = `codeResult(${name}(codeScope(${show(step.scope)})))`;
      return [line(`${assign(step.output)}${call}${step.one ? '[0]' : ''};`)];
    }
    case 'if':
      return printIf(step, context, depth, place, printSteps);
    case 'each': {
      const [item, index] = [context.names.of(step.item), context.names.of(step.index)];
      context.helpers.add('byIndex').add('Dynamic');
      const parameters = context.used.has(step.index) ? `${item}: Dynamic, ${index}` : `${item}: Dynamic`;
      const open = `await run.each(${stepName(step.name)}, ${show(step.list)}, byIndex, async (${parameters}): Promise<Dynamic> => {`;
      const isUsed = context.used.has(step.output);
      const body = printSteps(step.steps, context, depth + (isUsed ? 2 : 1), 'inner', step.node);
      if (!isUsed) return [line(open), ...body, line('});')];
      context.helpers.add('kept');
      return [
        line(`const ${context.names.of(step.output)} = kept(`),
        line(`  ${printAgain(open, depth)}`),
        ...body,
        line('  }),'),
        line(');'),
      ];
    }
    case 'all': {
      const members = step.branches.map((branch) => ({ branch, name: context.names.of(branch.output) }));
      context.helpers.add('Dynamic');
      return [
        line(`const { ${members.map(({ name }) => name).join(', ')} } = await run.all({`),
        ...members.flatMap(({ branch, name }) => [
          line(`  ${name}: async (): Promise<Dynamic> => {`),
          ...printSteps(branch.steps, context, depth + 2, 'inner'),
          line(`    return ${show(branch.result)};`),
          line('  },'),
        ]),
        line('});'),
      ];
    }
    case 'block':
      context.helpers.add('Dynamic');
      return [
        line(`${assign(step.output)}await (async (): Promise<Dynamic> => {`),
        ...printSteps(step.steps, context, depth + 1, 'inner'),
        line('})();'),
      ];
    case 'return':
      return [line(`return ${step.value === undefined ? 'undefined' : show(step.value)};`)];
    case 'end':
      return [line(place === 'run' ? `return run.end(${quoted(step.reason)});` : 'return undefined;')];
    case 'sleep':
      return [line(`await run.sleep(${stepName(step.name)}, ${show(step.until)});`)];
    case 'ask': {
      const options = `{ to: toText(run.config['approver']), question: ${show(step.question)}, choices: [${step.choices.map(quoted).join(', ')}] }`;
      context.helpers.add('toText');
      return [line(`${assign(step.output)}await run.ask(${stepName(step.name)}, ${options});`)];
    }
    case 'respond': {
      const members = [
        ...(step.status === undefined ? [] : [`status: ${show(step.status)}`]),
        ...(step.body === undefined ? [] : [`body: ${show(step.body)}`]),
      ];
      return [line(`await run.respond({ ${members.join(', ')} });`)];
    }
    case 'fail':
      return [line(`run.fail(${show(step.reason)});`)];
    case 'flow': {
      const child = context.names.of({ hint: `${step.child} flow` });
      const name = context.children.get(step.child) ?? child;
      context.children.set(step.child, name);
      return [
        line(`${assign(step.output)}await run.flow(${stepName(step.name)}, ${name}, ${show(step.input)});`),
      ];
    }
    case 'todo':
      context.helpers.add('todo');
      return [line(`${assign(step.output)}todo(${quoted(step.what)});`)];
  }
}

const typed = (context: StepContext): string => {
  context.helpers.add('Dynamic');
  return ': Dynamic';
};
