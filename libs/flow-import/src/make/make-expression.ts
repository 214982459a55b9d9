import type { JsonValue } from '@action-mesh/kernel';

import { asInstant } from '../expressions/instants.js';
import {
  listExpr,
  asText,
  binary,
  globalCall,
  helper,
  literal,
  memberOf,
  methodCall,
  template,
  unwritten,
  type Expr,
} from '../model/expression.js';
import type { Hazard } from '../model/hazards.js';
import { UntranslatableError } from '../read/flow-import.errors.js';
import { parseIml, type Iml } from './iml.js';

/** The place of an expression of Make. */
export interface MakePlace {
  /** The value of a module's output at a path; undefined for a module that is not in reach. */
  readonly output: (module: string, path: readonly string[]) => Expr | undefined;
  readonly now: () => Expr;
  readonly flag: (hazard: Hazard, note?: string) => void;
}

/** Translates a mapped value with everything inside it. */
export function makeValue(
  json: JsonValue | undefined,
  place: MakePlace,
  onTodo: (why: string) => void,
): Expr {
  if (json === undefined) return literal(undefined);
  if (typeof json === 'string') return makeText(json, place, onTodo);
  if (typeof json !== 'object' || json === null) return literal(json);
  if (Array.isArray(json)) return listExpr(json.map((item) => makeValue(item, place, onTodo)));
  return {
    kind: 'object',
    members: Object.entries(json).map(([name, member]) => {
      const value = makeValue(member, place, onTodo);
      if (!name.includes('{{')) return { name, value };
      return { computed: asText(makeText(name, place, onTodo)), value };
    }),
  };
}

function makeText(text: string, place: MakePlace, onTodo: (why: string) => void): Expr {
  if (!text.includes('{{')) return literal(text);
  try {
    const parts = text.split(/(\{\{[^{}]*\}\})/).filter((part) => part !== '');
    if (parts.some((part) => part.includes('{{') && !/^\{\{[^{}]*\}\}$/.test(part))) {
      throw new UntranslatableError('an expression of Make with braces inside');
    }
    const exprs = parts.map((part) =>
      part.startsWith('{{') && part.endsWith('}}')
        ? imlExpr(parseIml(part.slice(2, -2)), place)
        : literal(part),
    );
    const [only, ...others] = exprs;
    return only !== undefined && others.length === 0 ? only : template(exprs);
  } catch (error) {
    if (!(error instanceof UntranslatableError)) throw error;
    onTodo(error.message);
    return unwritten(error.message);
  }
}

const keywords: ReadonlyMap<string, Expr> = new Map([
  ['emptystring', literal('')],
  ['space', literal(' ')],
  ['newline', literal('\n')],
  ['tab', literal('\t')],
  ['null', literal(null)],
  ['true', literal(true)],
  ['false', literal(false)],
  ['emptyarray', listExpr([])],
]);

const operators: ReadonlyMap<string, string> = new Map([
  ['|', '||'],
  ['&', '&&'],
  ['=', '==='],
  ['!=', '!=='],
]);

function imlExpr(iml: Iml, place: MakePlace): Expr {
  switch (iml.kind) {
    case 'literal':
      return literal(iml.value);
    case 'path':
      return pathExpr(iml.parts, place);
    case 'call':
      return callExpr(iml.name, iml.args, place);
    case 'binary': {
      const [left, right] = [imlExpr(iml.left, place), imlExpr(iml.right, place)];
      if (['+', '-', '*', '/', '%'].includes(iml.operator)) {
        return binary(helper('toNumber', left), iml.operator, helper('toNumber', right));
      }
      const isNull = right.kind === 'literal' && right.value === null;
      const operator = isNull ? { '=': '==', '!=': '!=' }[iml.operator] : undefined;
      return binary(left, operator ?? operators.get(iml.operator) ?? iml.operator, right);
    }
  }
}

function pathExpr(parts: Extract<Iml, { kind: 'path' }>['parts'], place: MakePlace): Expr {
  const [first, ...rest] = parts;
  const name = typeof first === 'string' ? first : '';
  if (rest.length === 0) {
    if (name === 'now') return place.now();
    const keyword = keywords.get(name);
    if (keyword !== undefined) return keyword;
  }
  const names: string[] = [];
  let at = 0;
  while (at < rest.length && typeof rest[at] === 'string') names.push(rest[at++] as string);
  const base = place.output(name, names);
  if (base === undefined) throw new UntranslatableError(`the value ${name}, which no module before it gives`);
  return rest.slice(at).reduce<Expr>((of, part) => {
    if (typeof part === 'string') return memberOf(of, part);
    // `[]` is the first element, and arrays begin at 1.
    if (part.index === 0) throw new UntranslatableError('the index 0, which Make does not have');
    return { kind: 'index', of, index: literal((part.index ?? 1) - 1) };
  }, base);
}

const dayUnits: ReadonlyMap<string, string> = new Map([
  ['addSeconds', 'seconds'],
  ['addMinutes', 'minutes'],
  ['addHours', 'hours'],
  ['addDays', 'days'],
]);

/** Functions of Make with one translation each. */
const functions: ReadonlyMap<string, (args: readonly Expr[]) => Expr | undefined> = new Map<
  string,
  (args: readonly Expr[]) => Expr | undefined
>([
  ['ifempty', ([a, b]) => a && b && helper('ifEmpty', a, b)],
  ['if', ([test, yes, no = literal('')]) => test && yes && { kind: 'choice', test, yes, no }],
  ['lower', ([a]) => a && methodCall(asText(a), 'toLowerCase')],
  ['upper', ([a]) => a && methodCall(asText(a), 'toUpperCase')],
  ['trim', ([a]) => a && methodCall(asText(a), 'trim')],
  ['toString', ([a]) => a && asText(a)],
  ['length', ([a]) => a && memberOf(a, 'length')],
  ['join', ([a, b = literal('')]) => a && methodCall(helper('toList', a), 'join', b)],
  ['split', ([a, b]) => a && b && methodCall(asText(a), 'split', b)],
  ['contains', ([a, b]) => a && b && methodCall(a, 'includes', b)],
  ['startsWith', ([a, b]) => a && b && methodCall(asText(a), 'startsWith', b)],
  ['indexOf', ([a, b]) => a && b && methodCall(asText(a), 'indexOf', b)],
  ['substring', ([a, b, c]) => a && b && c && methodCall(asText(a), 'substring', b, c)],
  ['encodeURL', ([a]) => a && globalCall('encodeURIComponent', a)],
  ['decodeURL', ([a]) => a && globalCall('decodeURIComponent', asText(a))],
  ['base64', ([a]) => a && helper('base64', a)],
  ['parseNumber', ([a]) => a && helper('toNumber', a)],
  ['round', ([a]) => a && globalCall('Math.round', helper('toNumber', a))],
  ['floor', ([a]) => a && globalCall('Math.floor', helper('toNumber', a))],
  ['ceil', ([a]) => a && globalCall('Math.ceil', helper('toNumber', a))],
  ['abs', ([a]) => a && globalCall('Math.abs', helper('toNumber', a))],
  ['first', ([a]) => a && { kind: 'index', of: a, index: literal(0) }],
  ['last', ([a]) => a && methodCall(helper('toList', a), 'at', literal(-1))],
  ['distinct', ([a]) => a && helper('unique', a)],
  ['deduplicate', ([a]) => a && helper('unique', a)],
  ['keys', ([a]) => a && globalCall('Object.keys', a)],
]);

function callExpr(name: string, args: readonly Iml[], place: MakePlace): Expr {
  const exprs = args.map((arg) => imlExpr(arg, place));
  const [first, second] = exprs;
  const unit = dayUnits.get(name);
  if (unit !== undefined && first !== undefined && second !== undefined) {
    return helper('later', asInstant(first), second, literal(unit));
  }
  if (name === 'formatDate' && first !== undefined) return formatted(first, second, exprs[2], place);
  if (name === 'replace' && first !== undefined && second?.kind === 'literal' && exprs[2] !== undefined) {
    // A text between slashes is a regular expression in Make.
    if (typeof second.value !== 'string' || /^\/.*\/\w*$/.test(second.value)) {
      throw new UntranslatableError('replace with a regular expression');
    }
    return methodCall(asText(first), 'replaceAll', second, exprs[2]);
  }
  if (
    name === 'get' &&
    first !== undefined &&
    second?.kind === 'literal' &&
    typeof second.value === 'string'
  ) {
    return helper('at', first, literal(second.value));
  }
  if (
    name === 'map' &&
    first !== undefined &&
    second?.kind === 'literal' &&
    typeof second.value === 'string' &&
    exprs.length === 2
  ) {
    const body = memberOf({ kind: 'name', name: '$item' }, second.value);
    return methodCall(helper('toList', first), 'map', { kind: 'arrow', parameters: ['$item'], body });
  }
  const found = functions.get(name)?.(exprs);
  if (found === undefined) throw new UntranslatableError(`the function ${name} of Make`);
  return found;
}

function formatted(date: Expr, format: Expr | undefined, zone: Expr | undefined, { flag }: MakePlace): Expr {
  if (format?.kind !== 'literal' || typeof format.value !== 'string')
    throw new UntranslatableError('a date format that is computed');
  if (
    !/^(?:\[[^\]]*\]|YYYY|YY|M{1,4}|D{1,2}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|A|a|X|x|[^A-Za-z[])*$/.test(
      format.value,
    )
  ) {
    throw new UntranslatableError('a date format with other tokens than years, months, days and times');
  }
  if (zone === undefined) flag('timezone', 'a date as text: UTC here');
  return helper(
    'dateText',
    asInstant(date),
    format,
    literal('moment'),
    ...(zone === undefined ? [] : [zone]),
  );
}
