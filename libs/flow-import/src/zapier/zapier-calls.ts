import type { JsonValue } from '@action-mesh/kernel';

import { mappedArguments, zapierOperation } from '../apps/app-choice.js';
import { helper, objectOf, variableOf, type Expr, type Variable } from '../model/expression.js';
import { isBlank, plainTextOf, recordOf } from '../read/fields.js';
import { carriedHeaders, withMediaType } from '../tools/carried-headers.js';
import { urlParts } from '../tools/http-match.js';
import { callStep } from '../tools/tool-chooser.js';
import type { ZapierSite } from './zapier-site.js';

/** Writes the action or the search of an app, and gives its answer. A search without a hit may end the path. */
export function writeApp({ step, context, ledger, tools, flag, value, leave }: ZapierSite): Expr {
  const chosen = zapierOperation(step.api, step.action);
  if (chosen === undefined) return leave(`no translation of ${step.api} ${step.action}`);
  const { operation, isMapped } = chosen;
  const params = Object.fromEntries(
    Object.entries(step.params).filter(([name]) => !name.startsWith('_zap_')),
  );
  const { args, left } = mappedArguments(operation, params, value);
  if (left.length > 0) flag('unmapped', left.join(', '));
  if (!isMapped) flag('answer-shape');
  ledger.translated(step.id);
  const isSearch = step.typeOf.startsWith('search');
  const effect = isSearch && step.typeOf === 'search' ? 'read' : operation.effect;
  const call = tools.app(step.id, {
    slug: operation.tool,
    description: operation.does,
    effect,
    args,
  });
  const output: Variable = { hint: step.title };
  context.steps.push(callStep(step.id, step.title, call, output));
  if (isSearch) {
    flag('empty-search', 'a search without a hit');
    const goesOn =
      plainTextOf(step.params['_zap_search_success_on_miss']) === 'true' || step.typeOf === 'search_or_write';
    if (!goesOn) {
      const found: Expr = { kind: 'unary', operator: '!', of: helper('isEmpty', variableOf(output)) };
      const otherwise = [{ kind: 'end' as const, reason: `${step.title}: nothing found` }];
      context.steps.push({
        kind: 'if',
        node: step.id,
        name: step.title,
        arms: [{ condition: found, steps: [] }],
        otherwise,
      });
    }
  }
  return variableOf(output);
}

/** Writes a request of Webhooks by Zapier, and gives its answer. */
export function writeRequest({ step, context, ledger, tools, value, leave }: ZapierSite): Expr {
  const { params, action } = step;
  const method =
    { get: 'GET', post: 'POST', put: 'PUT' }[action] ?? plainTextOf(params['method'])?.toUpperCase();
  if (method === undefined || !/^[A-Z]{3,7}$/.test(method)) return leave(`the request ${action}`);
  if (plainTextOf(params['url']) === undefined) return leave('a request without an address');
  const pairs = (json: JsonValue | undefined) =>
    new Map(Object.entries(recordOf(json)).map(([name, member]) => [name, value(member)] as const));
  const isRead = method === 'GET';
  const payload = isRead ? 'json' : (plainTextOf(params['payload_type']) ?? 'json');
  if (!['json', 'form', ''].includes(payload)) return leave(`a body as ${payload}`);
  const onSecret = () =>
    ledger.check(step.id, 'secret-inline', 'a credential of the request: make a connection');
  const headers = carriedHeaders(withMediaType(pairs(params['headers']), payload), onSecret);
  if (!isBlank(params['basic_auth'])) onSecret();
  const data = pairs(params['data']);
  ledger.translated(step.id);
  const call = tools.http(step.id, {
    method,
    url: urlParts(value(params['url'])),
    query: isRead ? data : new Map<string, Expr>(),
    headers,
    body: isRead || data.size === 0 ? undefined : objectOf(data),
  });
  const output: Variable = { hint: step.title };
  context.steps.push(callStep(step.id, step.title, call, output));
  return variableOf(output);
}

/** Writes a step of a model or an agent, and gives its answer. */
export function writeAgent({ step, context, ledger, tools, value }: ZapierSite): Expr {
  const args = new Map(
    Object.entries(step.params)
      .filter(([name]) => name !== 'authentication_id')
      .map(([name, json]) => [name, value(json)] as const),
  );
  ledger.check(step.id, 'model-fills', 'the model stays outside of the mesh');
  const description = 'Runs an agent or a model of your own with a prompt, and gives its answer as `output`.';
  const call = tools.app(step.id, { slug: 'run_agent', description, effect: 'opaque', args });
  const output: Variable = { hint: step.title };
  context.steps.push(callStep(step.id, step.title, call, output));
  return variableOf(output);
}
