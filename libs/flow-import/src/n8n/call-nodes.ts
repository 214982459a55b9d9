import type { JsonObject, JsonValue } from '@action-mesh/kernel';

import { mappedArguments, n8nApp, n8nOperation } from '../apps/app-choice.js';
import {
  listExpr,
  asText,
  helper,
  literal,
  memberOf,
  objectOf,
  variableOf,
  type Expr,
  type Variable,
} from '../model/expression.js';
import type { DraftStep } from '../model/workflow.js';
import { field, elementsOf, located, plainTextOf } from '../read/fields.js';
import { carriedHeaders, withMediaType } from '../tools/carried-headers.js';
import { urlParts } from '../tools/http-match.js';
import { jsonBody } from '../tools/json-body.js';
import { agentTool, callStep } from '../tools/tool-chooser.js';
import { itemOf, N8nScope, wholeOf } from './n8n-scope.js';
import type { N8nSite, NodeOutcome } from './n8n-site.js';

/** Emits the call of a node, with the branch of its errors. */
function called(site: N8nSite, call: ReturnType<N8nSite['tools']['http']>, items?: string): NodeOutcome {
  const { node, context, ledger, walk } = site;
  const output: Variable = { hint: node.name };
  const step = callStep(node.name, node.name, call, output);
  const next = site.targets();
  const many = items !== undefined;
  const answer = variableOf(output);
  const list =
    items === undefined
      ? answer
      : items === ''
        ? helper('toList', answer)
        : memberOf(answer, ...items.split('.'));
  if (node.raw['retryOnFail'] === true && isWrite(call.choice)) ledger.check(node.name, 'retries');
  let onError: Extract<DraftStep, { kind: 'call' }>['onError'];
  if (node.onError !== 'stop') {
    const error: Variable = { hint: `${node.name} error` };
    // The item keeps its members, and gets the error beside them.
    const before = site.current.many ? [] : [{ spread: wholeOf(site.current.expr, site.place) }];
    const message: Expr = {
      kind: 'object',
      members: [...before, { name: 'error', value: memberOf(variableOf(error), 'message') }],
    };
    const steps: DraftStep[] = [];
    if (node.onError === 'continue') {
      ledger.check(node.name, 'error-swallowed', 'later nodes may read its error');
      onError = { error, steps, result: message };
    } else {
      const [join] = next;
      const stops =
        next.length === 1 && join !== undefined ? new Set([...context.stops, join.node]) : context.stops;
      const scope = new N8nScope(context.scope);
      const current = { expr: message, many: false, from: node.name };
      scope.learn(node.name, current);
      const reach = walk.follow(site.targets(1), current, {
        ...context,
        steps,
        stops,
        scope,
        depth: context.depth + 1,
      });
      if (reach !== undefined && reach.target.node !== join?.node) {
        ledger.manual(reach.target.node, `the error path of ${node.name} leads into another branch`);
        steps.push({
          kind: 'todo',
          node: reach.target.node,
          what: `go on at ${reach.target.node} after an error`,
        });
      }
      const result = reach?.target.node === join?.node ? reach?.current.expr : undefined;
      // Nothing follows the regular output, so the path of the error needs no end of its own.
      onError = {
        error,
        steps,
        ...(result === undefined && next.length > 0 ? {} : { result: result ?? literal(undefined) }),
      };
    }
  }
  context.steps.push(onError === undefined ? step : { ...step, onError });
  return site.next(list, many);
}

const isWrite = (choice: ReturnType<N8nSite['tools']['http']>['choice']): boolean =>
  ('tool' in choice ? choice.tool.effect.class : choice.wanted.effect) === 'opaque';

const pairsOf = (list: JsonValue | undefined): readonly JsonValue[] =>
  elementsOf(field(list, 'parameters') ?? field(list, 'parameter'));

function pairMap(site: N8nSite, list: JsonValue | undefined): Map<string, Expr> {
  return new Map(
    pairsOf(list).map(
      (pair) => [plainTextOf(field(pair, 'name')) ?? '', site.value(field(pair, 'value') ?? '')] as const,
    ),
  );
}

/** The kind of body; an option in the first versions of the node. */
const contentTypeOf = (parameters: JsonObject): string =>
  plainTextOf(parameters['contentType'] ?? field(parameters, 'options', 'bodyContentType')) ?? 'json';

/** The setting with the media type of the body. */
function mediaTypeOf(parameters: JsonObject): string | undefined {
  const contentType = contentTypeOf(parameters);
  return contentType === 'raw'
    ? plainTextOf(parameters['rawContentType'] ?? field(parameters, 'options', 'bodyContentCustomMimeType'))
    : contentType;
}

function httpBody(site: N8nSite, parameters: JsonObject): Expr | undefined {
  if (
    parameters['sendBody'] !== true &&
    parameters['jsonParameters'] !== true &&
    parameters['bodyParametersUi'] === undefined
  ) {
    return undefined;
  }
  const contentType = contentTypeOf(parameters);
  if (contentType === 'binaryData' || contentType === 'multipart-form-data') {
    site.place.flag('binary');
    site.ledger.manual(site.node.name, 'a body of files');
    return { kind: 'todo', what: 'a body of files' };
  }
  const isText = parameters['specifyBody'] === 'json' || parameters['jsonParameters'] === true;
  if (!isText && contentType !== 'raw') {
    return objectOf(pairMap(site, parameters['bodyParameters'] ?? parameters['bodyParametersUi']));
  }
  const body = parameters['jsonBody'] ?? parameters['bodyParametersJson'] ?? parameters['body'];
  return jsonBody(site.value(body ?? ''));
}

/** An HTTP request of any version of the node. */
export function httpNode(site: N8nSite): NodeOutcome {
  const { parameters, version, name } = site.node;
  const method = (
    plainTextOf(version >= 3 ? parameters['method'] : parameters['requestMethod']) ?? 'GET'
  ).toUpperCase();
  if (plainTextOf(parameters['url']) === undefined || parameters['url'] === '')
    return site.leave('a request without an address');
  if (!/^[A-Z]{3,7}$/.test(method)) return site.leave('a request with a computed method');
  const url = site.value(parameters['url']);
  const hasQuery = version < 3 || parameters['sendQuery'] === true;
  const hasHeaders = version < 3 || parameters['sendHeaders'] === true;
  const query = hasQuery
    ? pairMap(site, parameters['queryParameters'] ?? parameters['queryParametersUi'])
    : new Map<string, Expr>();
  const given = hasHeaders
    ? pairMap(site, parameters['headerParameters'] ?? parameters['headerParametersUi'])
    : new Map<string, Expr>();
  const body = httpBody(site, parameters);
  const typed = body === undefined ? given : withMediaType(given, mediaTypeOf(parameters));
  const headers = carriedHeaders(typed, () =>
    site.place.flag('secret-inline', 'a header with a credential: make a connection'),
  );
  if (field(parameters, 'options', 'response', 'response', 'responseFormat') === 'file')
    site.place.flag('binary');
  if (field(parameters, 'options', 'pagination') !== undefined) site.place.flag('pagination');
  if (field(parameters, 'options', 'batching') !== undefined) site.place.flag('batch-pacing');
  site.ledger.translated(name);
  const call = site.tools.http(name, { method, url: urlParts(url), query, headers, body });
  if ('wanted' in call.choice && version >= 4 && method === 'GET') {
    site.place.flag('items-n', 'a list as the answer would become several items');
  }
  const full = field(parameters, 'options', 'response', 'response', 'fullResponse') === true;
  if (full) site.place.flag('answer-shape', 'it gave status and headers beside the body');
  return called(site, call);
}

function approval(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  const question = asText(site.value(parameters['message'] ?? parameters['subject'] ?? ''));
  const output: Variable = { hint: name };
  site.place.flag('unmapped', 'the person who answers: set approver in the configuration');
  site.context.steps.push({
    kind: 'ask',
    node: name,
    name,
    question,
    choices: ['approve', 'decline'],
    output,
  });
  const approved: Expr = {
    kind: 'binary',
    operator: '===',
    left: variableOf(output),
    right: literal('approve'),
  };
  return site.next(objectOf([['data', objectOf([['approved', approved]])]]));
}

/** A node of an app in the table. Undefined: the table does not have the app. */
export function appNode(site: N8nSite): NodeOutcome | undefined {
  const app = n8nApp(site.node.type);
  if (app === undefined) return undefined;
  const { parameters, name } = site.node;
  const operation = plainTextOf(parameters['operation']);
  if (operation === 'sendAndWait') return approval(site);
  const { operation: chosen, isMapped } = n8nOperation(app, plainTextOf(parameters['resource']), operation);
  const { args, left } = mappedArguments(chosen, parameters, site.value);
  if (left.length > 0) site.place.flag('unmapped', left.join(', '));
  if (!isMapped) site.place.flag('answer-shape');
  site.ledger.translated(name);
  const call = site.tools.app(name, {
    slug: chosen.tool,
    description: chosen.does,
    effect: chosen.effect,
    args,
  });
  return called(site, call, chosen.items);
}

export function mailNode(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  if (parameters['operation'] === 'sendAndWait') return approval(site);
  const parts = [
    ['to', parameters['toEmail']],
    ['from', parameters['fromEmail']],
    ['subject', parameters['subject']],
    ['text', parameters['text']],
    ['html', parameters['html']],
  ] as const;
  const args = new Map(
    parts.flatMap(([argument, json]) => (json === undefined ? [] : [[argument, site.value(json)] as const])),
  );
  if (!args.has('to')) return site.leave('a mail without a recipient in the file');
  site.ledger.translated(name);
  const description = 'Sends a mail by the SMTP server of the owner.';
  return called(site, site.tools.app(name, { slug: 'send_mail', description, effect: 'opaque', args }));
}

/** Agents and chains: one call of an agent of the owner, with the names of its tools. */
export function agentNode(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  const subNodes = [...(site.graph.subNodes.get(name) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  const tools = subNodes.filter(([, kind]) => kind === 'ai_tool').map(([tool]) => tool);
  for (const [subNode, kind] of subNodes)
    site.ledger.check(subNode, 'model-fills', `part of ${name} (${kind})`);
  const messages = elementsOf(
    field(parameters, 'messages', 'values') ?? field(parameters, 'messages', 'messageValues'),
  );
  const ofRole = (role: string) =>
    messages
      .filter((one) => (plainTextOf(field(one, 'role')) ?? 'user') === role)
      .map((one) => field(one, 'content') ?? field(one, 'message'));
  const prompt =
    parameters['text'] ??
    parameters['prompt'] ??
    field(parameters, 'options', 'summarizationMethodAndPrompts', 'values', 'prompt') ??
    ofRole('user')[0];
  const system = field(parameters, 'options', 'systemMessage') ?? ofRole('system')[0];
  const model = located(parameters['modelId'] ?? parameters['model']);
  const args = new Map<string, Expr>([
    ['prompt', prompt === undefined ? memberOf(itemOf(site.current), 'chatInput') : site.value(prompt)],
    ...(system === undefined ? [] : [['system', site.value(system)] as const]),
    ...(typeof model === 'string' && model !== '' ? [['model', site.value(model)] as const] : []),
    ...(tools.length > 0 ? [['tools', listExpr(tools.map((tool) => literal(tool)))] as const] : []),
  ]);
  site.place.flag('model-fills', 'the model stays outside of the mesh, and its tools are calls of their own');
  return called(site, site.tools.app(name, { ...agentTool, args }));
}
