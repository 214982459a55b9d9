import type { JsonValue } from '@action-mesh/kernel';

import type { Expr, ObjectMember } from '../model/expression.js';
import type { VariableNames } from './identifiers.js';

/** Collects what a file must import. */
export interface PrintContext {
  readonly names: VariableNames;
  readonly helpers: Set<string>;
}

const identifier = /^[A-Za-z_$][\w$]*$/;
const printWidth = 90;

/** A text as a literal in single quotes. Line ends and marks that editors do not show are escaped. */
export function quoted(value: string): string {
  const inner = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inner.replaceAll(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g, escaped)}'`;
}

const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

const pad = (depth: number) => '  '.repeat(depth);

/** Writes an expression as TypeScript. `depth` is the indentation of its line. */
export function printExpression(expr: Expr, context: PrintContext, depth = 0): string {
  const print = (inner: Expr) => printExpression(inner, context, depth);
  switch (expr.kind) {
    case 'literal':
      return printLiteral(expr.value);
    case 'variable':
      return context.names.of(expr.variable);
    case 'name':
      return expr.name;
    case 'member':
      return identifier.test(expr.name)
        ? `${printObject(expr.of, context, depth)}?.${expr.name}`
        : `${printObject(expr.of, context, depth)}?.[${quoted(expr.name)}]`;
    case 'index':
      return `${printObject(expr.of, context, depth)}?.[${print(expr.index)}]`;
    case 'method': {
      const dot = isPresent(expr.of) ? '.' : '?.';
      return `${printObject(expr.of, context, depth)}${dot}${expr.name}(${expr.args.map(print).join(', ')})`;
    }
    case 'call':
      if (expr.helper) context.helpers.add(expr.name);
      return `${expr.name}(${expr.args.map(print).join(', ')})`;
    case 'new':
      return `new ${expr.name}(${expr.args.map(print).join(', ')})`;
    case 'template':
      return printTemplate(expr.parts, context, depth);
    case 'binary':
      return `${printOperand(expr.left, context, depth, expr.operator === '-' ? '' : expr.operator)} ${expr.operator} ${printOperand(expr.right, context, depth, '')}`;
    case 'unary':
      return `${expr.operator}${printOperand(expr.of, context, depth, expr.operator)}`;
    case 'choice':
      return `${printOperand(expr.test, context, depth, '')} ? ${printOperand(expr.yes, context, depth, '')} : ${printOperand(expr.no, context, depth, '')}`;
    case 'array':
      return printList(
        '[',
        expr.items.map((item) => printExpression(item, context, depth + 1)),
        ']',
        depth,
      );
    case 'object':
      return printMembers(expr.members, context, depth);
    case 'arrow': {
      const body = print(expr.body);
      const parameters = expr.parameters.map((name) => `${name}: Dynamic`).join(', ');
      context.helpers.add('Dynamic');
      return `(${parameters}) => ${expr.body.kind === 'object' ? `(${body})` : body}`;
    }
    case 'regex':
      return `/${expr.source}/${expr.flags}`;
    case 'todo':
      context.helpers.add('todo');
      return `todo(${quoted(expr.what)})`;
  }
}

function printLiteral(value: JsonValue | undefined): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(printLiteral).join(', ')}]`;
  const members = Object.entries(value).map(([name, member]) => `${printKey(name)}: ${printLiteral(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

const printKey = (name: string) => (identifier.test(name) ? name : quoted(name));

/** Expressions whose type is text without a look at the data. */
export function isText(expr: Expr): boolean {
  if (expr.kind === 'template') return true;
  if (expr.kind === 'literal') return typeof expr.value === 'string';
  return (
    expr.kind === 'call' &&
    ['toText', 'dateText', 'base64', 'encodeURIComponent', 'String', 'mailMessage'].includes(expr.name)
  );
}

/** Expressions that are never null or undefined. */
function isPresent(expr: Expr): boolean {
  if (isText(expr) || ['new', 'regex', 'array', 'object'].includes(expr.kind)) return true;
  const never = ['toList', 'kept', 'chunks', 'unique', 'sorted', 'later', 'toNumber', 'toTime'];
  return expr.kind === 'call' && never.includes(expr.name);
}

function isNumber(expr: Expr): boolean {
  return (
    (expr.kind === 'literal' && typeof expr.value === 'number') ||
    (expr.kind === 'call' && ['toNumber', 'toTime', 'Number'].includes(expr.name))
  );
}

const compound = new Set(['binary', 'choice', 'arrow', 'unary', 'todo']);

function printObject(expr: Expr, context: PrintContext, depth: number): string {
  const printed = printExpression(expr, context, depth);
  if (compound.has(expr.kind) && expr.kind !== 'todo') return `(${printed})`;
  return expr.kind === 'literal' && typeof expr.value !== 'string' ? `(${printed} as Dynamic)` : printed;
}

/** Chains of one logical operator need no parentheses. */
function printOperand(expr: Expr, context: PrintContext, depth: number, within: string): string {
  const printed = printExpression(expr, context, depth);
  if (expr.kind === 'binary' && ['&&', '||', '+'].includes(within) && expr.operator === within)
    return printed;
  // `--1` would be a decrement.
  const isNegative = within === '-' && printed.startsWith('-');
  return isNegative || ['binary', 'choice', 'arrow'].includes(expr.kind) ? `(${printed})` : printed;
}

function printTemplate(parts: readonly Expr[], context: PrintContext, depth: number): string {
  const inner = parts.map((part) => {
    if (part.kind === 'literal' && typeof part.value === 'string') {
      return quoted(part.value)
        .slice(1, -1)
        .replaceAll("\\'", "'")
        .replaceAll('`', '\\`')
        .replaceAll('${', '\\${');
    }
    const printed = printExpression(part, context, depth);
    if (isText(part) || isNumber(part)) return `\${${printed}}`;
    context.helpers.add('toText');
    return `\${toText(${printed})}`;
  });
  return `\`${inner.join('')}\``;
}

function printMembers(members: readonly ObjectMember[], context: PrintContext, depth: number): string {
  const printed = members.map((member) => {
    if ('spread' in member) return `...${printExpression(member.spread, context, depth + 1)}`;
    const value = printExpression(member.value, context, depth + 1);
    return 'computed' in member
      ? `[${printExpression(member.computed, context, depth + 1)}]: ${value}`
      : `${printKey(member.name)}: ${value}`;
  });
  return printed.length === 0 ? '{}' : printList('{ ', printed, ' }', depth);
}

function printList(open: string, parts: readonly string[], close: string, depth: number): string {
  const line = `${open}${parts.join(', ')}${close}`;
  if (depth * 2 + line.length <= printWidth && !line.includes('\n')) return line;
  return [
    open.trim(),
    ...parts.map((part) => `${pad(depth + 1)}${part},`),
    `${pad(depth)}${close.trim()}`,
  ].join('\n');
}
