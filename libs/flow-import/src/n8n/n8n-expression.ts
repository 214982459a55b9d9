import type { JsonValue } from '@action-mesh/kernel';

import type { JsNames, JsValue } from '../expressions/js-names.js';
import { translateJs } from '../expressions/js-translation.js';
import { parseJavaScript } from '../expressions/parse-javascript.js';
import {
  listExpr,
  helper,
  literal,
  methodCall,
  named,
  template,
  unwritten,
  variableOf,
  type Expr,
} from '../model/expression.js';
import { UntranslatableError } from '../read/flow-import.errors.js';
import { extensionMethod } from './n8n-extensions.js';
import { itemOf, itemsOfNode, memberIn, pairedItem, wholeOf, type N8nPlace } from './n8n-scope.js';

const value = (expr: Expr): JsValue => ({ expr, as: 'value' });

/** Marks of values that n8n gives to expressions and that stand for a node until a member is read. */
const nodeMark = '\u0000node:';

/** Translates a parameter with everything inside it. Untranslatable parts become `todo`, and `onTodo` hears why. */
export function n8nValue(json: JsonValue | undefined, place: N8nPlace, onTodo: (why: string) => void): Expr {
  if (json === undefined) return literal(undefined);
  if (typeof json === 'string') return n8nText(json, place, onTodo);
  if (typeof json !== 'object' || json === null) return literal(json);
  if (Array.isArray(json)) return listExpr(json.map((item) => n8nValue(item, place, onTodo)));
  return {
    kind: 'object',
    members: Object.entries(json).map(([name, member]) => ({ name, value: n8nValue(member, place, onTodo) })),
  };
}

/** Translates a text: an expression when it begins with `=`, else itself. */
export function n8nText(text: string, place: N8nPlace, onTodo: (why: string) => void): Expr {
  if (!text.startsWith('=')) return literal(text);
  try {
    return expressionOf(text.slice(1), place);
  } catch (error) {
    if (!(error instanceof UntranslatableError)) throw error;
    onTodo(error.message);
    return unwritten(`an expression with ${error.message}`);
  }
}

function expressionOf(text: string, place: N8nPlace): Expr {
  const parts = splitBraces(text);
  const [only] = parts;
  if (parts.length === 1 && only?.code === true) return jsOf(only.text, place);
  return template(parts.map((part) => (part.code ? jsOf(part.text, place) : literal(part.text))));
}

/** The texts and the code between `{{` and `}}`. Linear: each mark is searched once. */
function splitBraces(text: string): { text: string; code: boolean }[] {
  const parts: { text: string; code: boolean }[] = [];
  let from = 0;
  while (from < text.length) {
    const open = text.indexOf('{{', from);
    const close = open < 0 ? -1 : text.indexOf('}}', open + 2);
    if (close < 0) break;
    if (open > from) parts.push({ text: text.slice(from, open), code: false });
    // `}}}` closes an object first.
    const end = text.charAt(close + 2) === '}' ? close + 1 : close;
    parts.push({ text: text.slice(open + 2, end), code: true });
    from = end + 2;
  }
  if (from < text.length) parts.push({ text: text.slice(from), code: false });
  return parts;
}

function jsOf(source: string, place: N8nPlace): Expr {
  if (source.trim() === '') return literal('');
  const expr = translateJs(parseJavaScript(source), namesOf(place));
  if (JSON.stringify(expr).includes('\\u0000node:')) throw new UntranslatableError('a node as a whole');
  return wholeOf(expr, place);
}

function namesOf(place: N8nPlace): JsNames {
  const { current, flag } = place;
  return {
    now: place.now,
    name: (name) => {
      switch (name) {
        case '$json':
        case '$data':
          return value(itemOf(current));
        case '$now':
          return value(place.now());
        case '$today':
          flag('timezone', 'the start of the day');
          throw new UntranslatableError('$today, the start of the day in a time zone');
        case '$input':
        case '$node':
        case '$execution':
        case '$workflow':
          return { expr: named(`${nodeMark}${name}`), as: 'value' };
        case '$env':
        case '$vars':
          return value(named('run.config'));
        case '$itemIndex':
        case '$runIndex':
          return value(place.scope.index === undefined ? literal(0) : variableOf(place.scope.index));
        case '$items':
        case '$binary':
          if (name === '$binary') flag('binary');
          throw new UntranslatableError(`the name ${name}`);
        default:
          return undefined;
      }
    },
    call: (name, args) => {
      const [first] = args;
      const plain = (index: number): Expr => {
        const arg = args[index];
        return arg === undefined ? literal(undefined) : translateJs(arg, namesOf(place));
      };
      if (name === '$' && first?.type === 'Literal' && typeof first.value === 'string') {
        return { expr: named(nodeMark + first.value), as: 'value' };
      }
      if (name === '$if') return value({ kind: 'choice', test: plain(0), yes: plain(1), no: plain(2) });
      if (name === '$ifEmpty') return value(helper('ifEmpty', plain(0), plain(1)));
      return undefined;
    },
    member: (of, name) => memberOfN8n(of, name, place),
    method: (of, name, args) => methodOfN8n(of, name, args, place),
  };
}

/** The node behind a mark; undefined for a plain value. */
function markedNode({ expr }: JsValue): string | undefined {
  return expr.kind === 'name' && expr.name.startsWith(nodeMark)
    ? expr.name.slice(nodeMark.length)
    : undefined;
}

function memberOfN8n(of: JsValue, name: string, place: N8nPlace): JsValue | undefined {
  const node = markedNode(of);
  if (node === undefined) {
    return of.as === 'value' ? value(memberIn(of.expr, name, place)) : undefined;
  }
  if (node === '$node') return { expr: named(nodeMark + name), as: 'value' };
  if (node === '$execution' && name === 'id') return value(named('run.id'));
  if (node === '$workflow' && name === 'name') return value(literal(place.workflowName));
  if (node === '$input' && name === 'item') return { expr: itemOf(place.current), as: 'item' };
  if (!node.startsWith('$')) {
    if (name === 'item') return { expr: pairedItem(node, place), as: 'item' };
    if (name === 'json') return value(pairedItem(node, place));
    if (name === 'isExecuted') throw new UntranslatableError(`whether ${node} ran`);
  }
  throw new UntranslatableError(`the member ${name} of ${node}`);
}

function methodOfN8n(of: JsValue, name: string, args: readonly Expr[], place: N8nPlace): JsValue | undefined {
  const node = markedNode(of);
  if (node !== undefined) {
    const items =
      node === '$input'
        ? place.current.many
          ? place.current.expr
          : listExpr([place.current.expr])
        : node.startsWith('$')
          ? undefined
          : itemsOfNode(node, place);
    if (items === undefined) throw new UntranslatableError(`the method ${name} of ${node}`);
    const single = items.kind === 'array' ? items.items[0] : undefined;
    if (name === 'all') return { expr: items, as: 'items' };
    if (name === 'first')
      return { expr: single ?? { kind: 'index', of: items, index: literal(0) }, as: 'item' };
    if (name === 'last') return { expr: single ?? methodCall(items, 'at', literal(-1)), as: 'item' };
    if (name === 'itemMatching') return { expr: pairedItem(node, place), as: 'item' };
    throw new UntranslatableError(`the method ${name} of ${node}`);
  }
  if (of.as !== 'value') return undefined;
  const extended = extensionMethod(wholeOf(of.expr, place), name, args, place);
  return extended === undefined ? undefined : value(extended);
}
