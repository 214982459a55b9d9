import { memberOf, objectOf, variableOf, type Variable } from '../model/expression.js';
import type { DraftStep } from '../model/workflow.js';
import { makeSite, type MakeSite } from './make-site.js';

const directives = new Set([
  'builtin:Ignore',
  'builtin:Resume',
  'builtin:Break',
  'builtin:Rollback',
  'builtin:Commit',
]);

/** The error handler of a module. It ends with the directive that says how the scenario goes on. */
export function errorHandler(site: MakeSite): Pick<Extract<DraftStep, { kind: 'call' }>, 'onError'> {
  const { module, context, ledger, chain } = site;
  const error: Variable = { hint: `${module.title} error` };
  const message = objectOf([['message', memberOf(variableOf(error), 'message')]]);
  const outputs = new Map(context.outputs).set(module.id, { expr: objectOf([['error', message]]) });
  const steps: DraftStep[] = [];
  const directive = module.onError.at(-1);
  const isDirective = directive !== undefined && directives.has(directive.module);
  const body = isDirective ? module.onError.slice(0, -1) : module.onError;
  const inside = chain(body, { ...context, steps, outputs, depth: context.depth + 1 });
  switch (isDirective ? directive.module : '') {
    case 'builtin:Ignore':
      ledger.translated(directive?.key ?? '');
      return { onError: { error, steps } };
    case 'builtin:Resume':
      ledger.check(directive?.key ?? '', 'error-swallowed', 'it goes on with a value of its own');
      return {
        onError: {
          error,
          steps,
          result: makeSite(directive ?? module, inside, site).value(directive?.mapper ?? {}),
        },
      };
    case 'builtin:Break':
      ledger.dropped(
        directive?.key ?? '',
        'the ledger retries what is safe, and keeps the rest for a person',
      );
      ledger.check(module.key, 'retries');
      return body.length === 0 ? {} : { onError: { error, steps } };
    default:
      if (directive !== undefined)
        ledger.manual(directive.key, 'an error handler without Ignore, Resume or Break');
      steps.push({
        kind: 'todo',
        node: directive?.key ?? module.key,
        what: `the end of the error handler of ${module.title}`,
      });
      return { onError: { error, steps } };
  }
}
