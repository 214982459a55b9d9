import type { JsonObject, JsonValue } from '@action-mesh/kernel';

import { helper, literal, objectOf, type Expr, type ObjectMember } from '../model/expression.js';
import { isBlank, elementsOf, located, recordOf } from '../read/fields.js';
import type { AppMapping, AppOperation } from './app-table.js';
import { curatedApps } from './curated-apps.js';
import { wantedApps } from './wanted-apps.js';

/** An operation of an export, matched with the table of apps. */
export interface ChosenOperation {
  readonly operation: AppOperation;
  /** The table has the arguments of this operation. Otherwise they keep the names of the old product. */
  readonly isMapped: boolean;
}

const all = [...curatedApps, ...wantedApps];
const byN8n = new Map(all.flatMap((app) => app.n8n.map((name) => [name, app] as const)));
const byMake = new Map(all.flatMap((app) => (app.make ?? []).map((name) => [name, app] as const)));
const byZapier = new Map(all.flatMap((app) => (app.zapier ?? []).map((name) => [name, app] as const)));

/** The app of a node type of n8n. */
export const n8nApp = (type: string): AppMapping | undefined => byN8n.get(type);

export function n8nOperation(
  app: AppMapping,
  resource: string | undefined,
  operation: string | undefined,
): ChosenOperation {
  const [defaultResource = '-', defaultOperation = '-'] = (app.n8nDefault ?? '-.-').split('.');
  const key = `${resource ?? defaultResource}.${operation ?? defaultOperation}`;
  const known = app.operations.find(({ n8n }) => n8n === key);
  return known === undefined ? wanted(app, toolWords(key)) : { operation: known, isMapped: isMapped(known) };
}

/** The operation of a module of Make such as `slack:CreateMessage`. */
export function makeOperation(module: string): ChosenOperation | undefined {
  const [name = '', action = ''] = module.split(':', 2);
  const app = byMake.get(name);
  if (app === undefined) return undefined;
  const known = app.operations.find(({ make = '' }) => make.split(' ').includes(action));
  const words = action.replace(/^Action/, '');
  return known === undefined ? wanted(app, words) : { operation: known, isMapped: isMapped(known) };
}

/** The operation of an API of Zapier such as `SlackCLIAPI@1.48.0`. */
export function zapierOperation(api: string, action: string): ChosenOperation | undefined {
  const name = api
    .replace(/@.*$/, '')
    .replace(/(?:V\d+)?(?:CLI|Dev)?API$/, '')
    .toLowerCase();
  const app = byZapier.get(name);
  if (app === undefined) return undefined;
  const known = app.operations.find(({ zapier = '' }) => zapier.split(' ').includes(action));
  return known === undefined ? wanted(app, action) : { operation: known, isMapped: isMapped(known) };
}

/** `message.sendMessage` is one action: the resource is not said twice. */
function toolWords(key: string): string {
  const [resource = '-', operation = '-'] = key.split('.');
  if (resource === '-' || operation.toLowerCase().includes(resource.toLowerCase())) return operation;
  return `${operation}_${resource}`;
}

const isMapped = ({ args }: AppOperation) => !Object.values(args).includes('*');
const reads =
  /^(?:get|list|search|find|lookup|read|fetch|info|select|query|retrieve|download|watch|filter|look)/i;

/** A tool that the catalog should get, named after the app and its operation. */
function wanted(app: AppMapping, operation: string): ChosenOperation {
  const words = operation.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const slug = `${app.app}_${words}`
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replace(/_+$/, '')
    .slice(0, 60);
  const effect = reads.test(operation) ? 'read' : 'opaque';
  const does = `The operation ${words.replaceAll('_', ' ').slice(0, 80)} of ${app.app}.`;
  return { operation: { tool: slug, does, effect, args: { parameters: '*' } }, isMapped: false };
}

/** Settings of the old products that have no meaning for a tool. */
const ignored = new Set(
  (
    'resource operation authentication options otherOptions additionalFields select emailType __IMTCONN__ channelWType mrkdwn ' +
    'as_bot icon username link_names add_edit_link body_type bodyType signature_delimiter send_to_groups from_name timezone mode'
  ).split(' '),
);

export interface MappedArguments {
  readonly args: ReadonlyMap<string, Expr>;
  /** Parameters that no argument takes. */
  readonly left: readonly string[];
}

/** The arguments of an operation out of the parameters of a node. */
export function mappedArguments(
  operation: AppOperation,
  parameters: JsonObject,
  value: (json: JsonValue) => Expr,
): MappedArguments {
  const taken = new Set<string>();
  const args = new Map<string, Expr>();
  const nested = new Map<string, ObjectMember[]>();
  for (const [argument, sources] of Object.entries(operation.args)) {
    if (sources === '*') continue;
    const found = firstOf(parameters, sources.split('|'));
    if (found === undefined) continue;
    taken.add(found.root);
    const [name = argument, inner] = argument.split('.', 2);
    if (inner === undefined) args.set(name, value(found.json));
    else nested.set(name, [...(nested.get(name) ?? []), { name: inner, value: value(found.json) }]);
  }
  for (const [name, members] of nested) args.set(name, { kind: 'object', members });
  const rest = Object.entries(parameters).filter(
    ([name, json]) => !taken.has(name) && !isBlank(json) && (!ignored.has(name) || holdsSettings(json)),
  );
  const star = Object.entries(operation.args).find(([, source]) => source === '*')?.[0];
  if (star !== undefined) {
    const everything = rest.filter(([name]) => !['authentication', '__IMTCONN__'].includes(name));
    return {
      args: new Map([
        ...args,
        ...everything.map(([name, json]) => [name, value(located(json) ?? null)] as const),
      ]),
      left: [],
    };
  }
  return { args: operation.mail === true ? mailArguments(args) : args, left: rest.map(([name]) => name) };
}

const holdsSettings = (json: JsonValue): boolean =>
  typeof json === 'object' && json !== null && Object.keys(json).length > 0 && !Array.isArray(json);

function firstOf(
  parameters: JsonObject,
  paths: readonly string[],
): { root: string; json: JsonValue } | undefined {
  for (const path of paths) {
    const [root = '', ...rest] = path.split('.');
    let json = Object.hasOwn(parameters, root) ? located(parameters[root]) : undefined;
    for (const name of rest) {
      json = Array.isArray(json) ? elementsOf(json)[Number(name)] : recordOf(json)[name];
    }
    if (json !== undefined && !isBlank(json)) return { root, json };
  }
  return undefined;
}

function mailArguments(args: ReadonlyMap<string, Expr>): ReadonlyMap<string, Expr> {
  if (!args.has('to')) return new Map();
  const members = [...args].map(
    ([name, expr]) => [name, name === 'to' ? joinedAddresses(expr) : expr] as const,
  );
  return new Map([['raw', helper('mailMessage', objectOf(members))]]);
}

const joinedAddresses = (expr: Expr): Expr => {
  if (expr.kind !== 'array') return expr;
  const [only, ...others] = expr.items;
  return only !== undefined && others.length === 0
    ? only
    : { kind: 'method', of: expr, name: 'join', args: [literal(', ')] };
};
