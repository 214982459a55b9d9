import { makeOperation, mappedArguments } from '../apps/app-choice.js';
import { variableOf, type Expr, type Variable } from '../model/expression.js';
import { callStep, type ToolChooser } from '../tools/tool-chooser.js';
import { errorHandler } from './error-handler.js';
import { isHttpModule, makeHttpCall } from './make-http.js';
import type { MakeModule } from './make-module.js';
import type { MakeSite } from './make-site.js';

const agentApps =
  /^(?:openai(?:-gpt-3)?|anthropic-claude|gemini-ai|mistral-ai|perplexity-ai|deepseek-ai|ai-tools|ai-local-agent):/;

/** Whether the module calls another system. */
export function isCallModule({ module }: MakeModule): boolean {
  return isHttpModule(module) || agentApps.test(module) || makeOperation(module) !== undefined;
}

/** Writes the call of a module with its error handler, and gives its answer. */
export function writeCall(site: MakeSite): Expr {
  const { module, context } = site;
  const output: Variable = { hint: module.title };
  const step = callStep(module.key, module.title, choiceOf(site), output);
  context.steps.push(module.onError.length === 0 ? step : { ...step, ...errorHandler(site) });
  return variableOf(output);
}

function choiceOf({ module, ledger, tools, flag, value }: MakeSite): ReturnType<ToolChooser['http']> {
  ledger.translated(module.key);
  if (isHttpModule(module.module)) {
    return tools.http(module.key, makeHttpCall(module, value, ledger));
  }
  if (agentApps.test(module.module)) {
    flag('model-fills', 'the model stays outside of the mesh');
    const args = new Map(Object.entries(module.mapper).map(([name, json]) => [name, value(json)] as const));
    const description =
      'Runs an agent or a model of your own with a prompt, and gives its answer as `output`.';
    return tools.app(module.key, { slug: 'run_agent', description, effect: 'opaque', args });
  }
  const chosen = makeOperation(module.module);
  if (chosen === undefined) throw new Error(`no operation for ${module.module}`);
  const { operation, isMapped } = chosen;
  const { args, left } = mappedArguments(operation, { ...module.parameters, ...module.mapper }, value);
  if (left.length > 0) flag('unmapped', left.join(', '));
  if (!isMapped) flag('answer-shape');
  return tools.app(module.key, {
    slug: operation.tool,
    description: operation.does,
    effect: operation.effect,
    args,
  });
}
