import type { JsonValue } from '@action-mesh/kernel';

import { mayBeInstant } from '../expressions/instants.js';
import {
  helper,
  literal,
  memberOf,
  methodCall,
  named,
  type Expr,
  type ObjectMember,
} from '../model/expression.js';
import { field, elementsOf, recordOf, plainTextOf } from '../read/fields.js';
import { itemOf, listOfData, wholeOf } from './n8n-scope.js';
import { bound, type N8nSite, type N8nTranslator, type NodeOutcome } from './n8n-site.js';

const item = named('$item');
const perItem = (list: Expr, name: string, body: Expr): Expr =>
  methodCall(list, name, { kind: 'arrow', parameters: ['$item'], body });
const member = (of: Expr, path: string): Expr => memberOf(of, ...path.split('.'));
const namesIn = (value: JsonValue | undefined): string[] =>
  (plainTextOf(value) ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

interface Assignment {
  readonly name: string;
  readonly type: string;
  readonly value: JsonValue | undefined;
}

/** The assignments of the three generations of the Set node. */
function assignmentsOf(site: N8nSite): { assignments: readonly Assignment[]; keepsOthers: boolean } {
  const { parameters, version } = site.node;
  if (version >= 3.3) {
    const list = elementsOf(field(parameters, 'assignments', 'assignments'));
    return {
      keepsOthers: parameters['includeOtherFields'] === true,
      assignments: list.map((one) => ({
        name: plainTextOf(field(one, 'name')) ?? '',
        type: plainTextOf(field(one, 'type')) ?? 'string',
        value: field(one, 'value'),
      })),
    };
  }
  if (version >= 3) {
    const list = elementsOf(field(parameters, 'fields', 'values'));
    return {
      keepsOthers: (plainTextOf(parameters['include']) ?? 'all') !== 'none',
      assignments: list.map((one) => {
        const type = plainTextOf(field(one, 'type')) ?? 'stringValue';
        return {
          name: plainTextOf(field(one, 'name')) ?? '',
          type: type.replace('Value', ''),
          value: field(one, type),
        };
      }),
    };
  }
  return {
    keepsOthers: parameters['keepOnlySet'] !== true,
    assignments: Object.entries(recordOf(parameters['values'])).flatMap(([type, list]) =>
      elementsOf(list).map((one) => ({
        name: plainTextOf(field(one, 'name')) ?? '',
        type,
        value: field(one, 'value'),
      })),
    ),
  };
}

/** The value of an assignment, where the type of the node and of the literal differ. */
function typedValue({ type, value }: Assignment, site: N8nSite): Expr {
  const expr = site.value(value);
  if (expr.kind === 'literal' && typeof expr.value === 'string') {
    const text = expr.value;
    if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text)))
      return literal(Number(text));
    if (type === 'boolean' && ['true', 'false'].includes(text)) return literal(text === 'true');
    if (type === 'array' || type === 'object') return helper('parseJson', expr);
  }
  return expr;
}

function setNode(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  site.ledger.translated(name);
  const whole = () => wholeOf(itemOf(site.current), site.place);
  if (parameters['mode'] === 'raw') {
    const value = helper('parseJson', site.value(parameters['jsonOutput']));
    return bound(site, value, false);
  }
  const { assignments, keepsOthers } = assignmentsOf(site);
  const members = nested(
    assignments.map((one) => ({ path: one.name.split('.'), value: typedValue(one, site) })),
  );
  const value: Expr = {
    kind: 'object',
    members: [...(keepsOthers ? [{ spread: whole() }] : []), ...members],
  };
  return bound(site, value, false);
}

/** Dots in the names of a Set node make objects within objects. */
function nested(entries: readonly { path: readonly string[]; value: Expr }[]): ObjectMember[] {
  const groups = new Map<string, { path: readonly string[]; value: Expr }[]>();
  for (const { path, value } of entries) {
    const [first = '', ...rest] = path;
    groups.set(first, [...(groups.get(first) ?? []), { path: rest, value }]);
  }
  return [...groups].map(([name, group]) => {
    const whole = group.find(({ path }) => path.length === 0);
    return { name, value: whole?.value ?? { kind: 'object' as const, members: nested(group) } };
  });
}

function splitOut(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  const fields = namesIn(parameters['fieldToSplitOut']);
  const [path] = fields;
  if (path === undefined || fields.length > 1) return site.leave('a split of several fields');
  if ((plainTextOf(parameters['include']) ?? 'noOtherFields') !== 'noOtherFields') {
    return site.leave('a split that keeps other fields');
  }
  site.ledger.translated(name);
  const target = plainTextOf(field(parameters, 'options', 'destinationFieldName'));
  const split = perItem(listOfData(site.current), 'flatMap', helper('toList', member(item, path)));
  const wrapped: Expr =
    target === undefined || target === ''
      ? split
      : perItem(split, 'map', { kind: 'object', members: [{ name: target, value: item }] });
  // Values that are no objects get the name of their field in n8n.
  if (target === undefined)
    site.place.flag('items-n', `elements that are no objects are not wrapped into ${path}`);
  return bound(site, wrapped, true);
}

function aggregate(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  site.ledger.translated(name);
  if ((plainTextOf(parameters['aggregate']) ?? 'aggregateIndividualFields') === 'aggregateAllItemData') {
    const target = plainTextOf(parameters['destinationFieldName']) ?? 'data';
    return bound(
      site,
      { kind: 'object', members: [{ name: target, value: listOfData(site.current) }] },
      false,
    );
  }
  const members = elementsOf(field(parameters, 'fieldsToAggregate', 'fieldToAggregate')).map((one) => {
    const path = plainTextOf(field(one, 'fieldToAggregate')) ?? '';
    const target =
      field(one, 'renameField') === true ? plainTextOf(field(one, 'outputFieldName')) : undefined;
    return {
      name: target ?? path.split('.').at(-1) ?? path,
      value: perItem(listOfData(site.current), 'map', member(item, path)),
    };
  });
  return bound(site, { kind: 'object', members }, false);
}

function limit(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  site.ledger.translated(name);
  const most = site.value(parameters['maxItems'] ?? 1);
  const keepsLast = parameters['keep'] === 'lastItems';
  if (keepsLast && !(most.kind === 'literal' && typeof most.value === 'number' && most.value > 0)) {
    return site.leave('the last items, in a computed number');
  }
  const cut = keepsLast && most.kind === 'literal' ? [literal(-Number(most.value))] : [literal(0), most];
  return bound(site, methodCall(listOfData(site.current), 'slice', ...cut), true);
}

function sort(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  if ((plainTextOf(parameters['type']) ?? 'simple') !== 'simple')
    return site.leave('a sort at random or by code');
  site.ledger.translated(name);
  const fields = elementsOf(field(parameters, 'sortFieldsUi', 'sortField'));
  // The sort is stable, so the least important field goes first.
  const sorted = fields.toReversed().reduce<Expr>((list, one) => {
    const order = field(one, 'order') === 'descending' ? 'desc' : 'asc';
    return helper('sorted', list, literal(plainTextOf(field(one, 'fieldName')) ?? ''), literal(order));
  }, listOfData(site.current));
  return bound(site, sorted, true);
}

function removeDuplicates(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  const operation = plainTextOf(parameters['operation']) ?? 'removeDuplicateInputItems';
  if (operation !== 'removeDuplicateInputItems') {
    site.place.flag('static-data', 'items of earlier runs');
    return site.leave('duplicates of earlier runs');
  }
  if (parameters['compare'] === 'allFieldsExcept')
    return site.leave('a comparison of all fields except some');
  site.ledger.translated(name);
  const fields = parameters['compare'] === 'selectedFields' ? namesIn(parameters['fieldsToCompare']) : [];
  return bound(
    site,
    helper('unique', listOfData(site.current), ...fields.map((path) => literal(path))),
    true,
  );
}

const listOperations: ReadonlyMap<string, N8nTranslator> = new Map([
  ['splitOutItems', splitOut],
  ['aggregateItems', aggregate],
  ['concatenateItems', aggregate],
  ['limit', limit],
  ['sort', sort],
  ['removeDuplicates', removeDuplicates],
]);

/** The older node that had all list operations. */
function itemLists(site: N8nSite): NodeOutcome {
  const operation = plainTextOf(site.node.parameters['operation']) ?? 'splitOutItems';
  const translator = listOperations.get(operation);
  return translator === undefined ? site.leave(`the list operation ${operation}`) : translator(site);
}

function renameKeys(site: N8nSite): NodeOutcome {
  const { parameters, name } = site.node;
  const keys = elementsOf(field(parameters, 'keys', 'key'));
  if (field(parameters, 'additionalOptions', 'regexReplacement') !== undefined)
    return site.leave('keys renamed by patterns');
  site.ledger.translated(name);
  const whole = itemOf(site.current);
  const members: ObjectMember[] = keys.flatMap((key) => {
    const [from, to] = [plainTextOf(field(key, 'currentKey')) ?? '', plainTextOf(field(key, 'newKey')) ?? ''];
    return [
      { name: to, value: memberOf(whole, from) },
      { name: from, value: literal(undefined) },
    ];
  });
  return bound(site, { kind: 'object', members: [{ spread: whole }, ...members] }, false);
}

function dateTime(site: N8nSite): NodeOutcome {
  const { parameters, name, version } = site.node;
  const operation = plainTextOf(parameters['operation']) ?? 'getCurrentDate';
  if (version < 2) return site.leave('the first generation of Date & Time');
  const target = plainTextOf(parameters['outputFieldName']);
  const under = (fallback: string, value: Expr) =>
    bound(site, { kind: 'object', members: [{ name: target ?? fallback, value }] }, false);
  if (operation === 'getCurrentDate') return under('currentDate', site.place.now());
  if (operation !== 'formatDate') return site.leave(`the date operation ${operation}`);
  const format = plainTextOf(parameters['format']) ?? 'MM/dd/yyyy';
  const pattern = format === 'custom' ? plainTextOf(parameters['customFormat']) : format;
  if (pattern === undefined || !/^[yMdHhmsaL\W]*$/.test(pattern))
    return site.leave('a date format with other tokens');
  const date = site.value(parameters['date']);
  if (!mayBeInstant(date)) return site.leave('a date without a time zone');
  site.ledger.translated(name);
  if (site.place.timezone === undefined) site.place.flag('timezone', 'a date as text: UTC here');
  const zone = site.place.timezone === undefined ? [] : [literal(site.place.timezone)];
  return under('formattedDate', helper('dateText', date, literal(pattern), literal('luxon'), ...zone));
}

/** Nodes that change data and touch nothing outside. */
export const dataNodes: readonly (readonly [string, N8nTranslator])[] = [
  ['set', setNode],
  ['splitOut', splitOut],
  ['aggregate', aggregate],
  ['limit', limit],
  ['sort', sort],
  ['removeDuplicates', removeDuplicates],
  ['itemLists', itemLists],
  ['renameKeys', renameKeys],
  ['dateTime', dateTime],
];
