import type { CallExpression, MemberExpression } from 'acorn';

import {
  listExpr,
  globalCall,
  helper,
  literal,
  memberOf,
  methodCall,
  named,
  type Expr,
  type ObjectMember,
} from '../model/expression.js';
import { UntranslatableError } from '../read/flow-import.errors.js';
import { asInstant, instantDate } from './instants.js';
import type { JsNames, JsValue } from './js-names.js';
import { keptGlobals, keptMethods, keptOperators } from './kept-javascript.js';
import type { JsExpression, JsNode } from './parse-javascript.js';

const same: ReadonlyMap<string, string> = new Map([
  ['==', '=='],
  ['!=', '!='],
]);

const value = (expr: Expr): JsValue => ({ expr, as: 'value' });

/** Writes a JavaScript expression of an export as an expression of the draft. Throws `UntranslatableError`. */
export function translateJs(node: JsExpression, names: JsNames): Expr {
  return new JsTranslation(names).plain(node, new Map());
}

type Locals = ReadonlyMap<string, JsValue>;

class JsTranslation {
  readonly #names: JsNames;

  constructor(names: JsNames) {
    this.#names = names;
  }

  plain(node: JsNode, locals: Locals): Expr {
    const { expr, as } = this.#value(node as JsExpression, locals);
    if (as !== 'value') throw new UntranslatableError('an expression that uses whole items');
    return expr;
  }

  #value(node: JsExpression, locals: Locals): JsValue {
    switch (node.type) {
      case 'Literal':
        return value(this.#literal(node));
      case 'Identifier':
        return this.#identifier(node.name, locals);
      case 'MemberExpression':
        return this.#member(node, locals);
      case 'ChainExpression':
        return this.#value(node.expression, locals);
      case 'CallExpression':
        return this.#call(node, locals);
      case 'ParenthesizedExpression':
        return this.#value(node.expression, locals);
      default:
        return value(this.#composed(node, locals));
    }
  }

  #composed(node: JsExpression, locals: Locals): Expr {
    const plain = (part: JsNode) => this.plain(part, locals);
    switch (node.type) {
      case 'TemplateLiteral':
        return {
          kind: 'template',
          parts: node.quasis.flatMap((quasi, index) => {
            const part = node.expressions[index];
            return [
              literal(quasi.value.cooked ?? quasi.value.raw),
              ...(part === undefined ? [] : [plain(part)]),
            ];
          }),
        };
      case 'BinaryExpression':
      case 'LogicalExpression': {
        if (!keptOperators.has(node.operator)) throw new UntranslatableError(`the operator ${node.operator}`);
        const operator = same.get(node.operator) ?? node.operator;
        return { kind: 'binary', operator, left: plain(node.left), right: plain(node.right) };
      }
      case 'UnaryExpression':
        if (node.operator === '+') return globalCall('Number', plain(node.argument));
        if (node.operator !== '!' && node.operator !== '-') {
          throw new UntranslatableError(`the operator ${node.operator}`);
        }
        return { kind: 'unary', operator: node.operator, of: plain(node.argument) };
      case 'ConditionalExpression':
        return {
          kind: 'choice',
          test: plain(node.test),
          yes: plain(node.consequent),
          no: plain(node.alternate),
        };
      case 'ArrayExpression':
        return listExpr(
          node.elements.map((element) => {
            if (element === null || element.type === 'SpreadElement') {
              throw new UntranslatableError('a list with holes or spread parts');
            }
            return plain(element);
          }),
        );
      case 'ObjectExpression':
        return {
          kind: 'object',
          members: node.properties.map((property) => this.#objectMember(property, locals)),
        };
      case 'NewExpression':
        return this.#new(node.callee, node.arguments, locals);
      case 'ArrowFunctionExpression':
        return this.#arrow(node, 'value', locals);
      default:
        throw new UntranslatableError(`JavaScript of the kind ${node.type}`);
    }
  }

  #literal(node: Extract<JsExpression, { type: 'Literal' }>): Expr {
    if (node.regex) return { kind: 'regex', source: node.regex.pattern, flags: node.regex.flags };
    if (typeof node.value === 'bigint') throw new UntranslatableError('a number of the kind bigint');
    return literal(node.value as string | number | boolean | null);
  }

  #identifier(name: string, locals: Locals): JsValue {
    const found = locals.get(name) ?? this.#names.name(name);
    if (found !== undefined) return found;
    if (name === 'undefined') return value(literal(undefined));
    throw new UntranslatableError(`the name ${name}`);
  }

  #member(node: MemberExpression, locals: Locals): JsValue {
    if (node.object.type === 'Super' || node.property.type === 'PrivateIdentifier') {
      throw new UntranslatableError('a private member');
    }
    const of = this.#value(node.object, locals);
    const property = node.property;
    const name =
      !node.computed && property.type === 'Identifier'
        ? property.name
        : property.type === 'Literal' && typeof property.value === 'string'
          ? property.value
          : undefined;
    if (name !== undefined) {
      if (['__proto__', 'constructor', 'prototype'].includes(name)) {
        throw new UntranslatableError(`the member ${name}`);
      }
      const special = this.#names.member(of, name);
      if (special !== undefined) return special;
      if (of.as === 'item') {
        if (name === 'json') return value(of.expr);
        throw new UntranslatableError(`the member ${name} of an item`);
      }
      if (of.as === 'items' && name !== 'length')
        throw new UntranslatableError(`the member ${name} of items`);
      return value(memberOf(of.expr, name));
    }
    const index = this.plain(property, locals);
    return { expr: { kind: 'index', of: of.expr, index }, as: of.as === 'items' ? 'item' : 'value' };
  }

  #call(node: CallExpression, locals: Locals): JsValue {
    const { callee } = node;
    const args = node.arguments.map((arg) => {
      if (arg.type === 'SpreadElement') throw new UntranslatableError('spread arguments');
      return arg;
    });
    if (callee.type === 'Identifier') {
      if (!locals.has(callee.name)) {
        const special = this.#names.call(callee.name, args);
        if (special !== undefined) return special;
        if (keptGlobals.has(callee.name)) {
          return value(globalCall(callee.name, ...args.map((arg) => this.plain(arg, locals))));
        }
      }
      throw new UntranslatableError(`the function ${callee.name}`);
    }
    if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') {
      throw new UntranslatableError('a call of a computed function');
    }
    if (callee.object.type === 'Super') throw new UntranslatableError('a private member');
    const name = callee.property.name;
    if (callee.object.type === 'Identifier' && !locals.has(callee.object.name)) {
      const path = `${callee.object.name}.${name}`;
      if (path === 'Date.now') return value(methodCall(this.#names.now(), 'getTime'));
      if (path === 'Date.parse' && args[0] !== undefined) {
        const date = instantDate(asInstant(this.plain(args[0], locals)));
        return value(methodCall(date, 'getTime'));
      }
      if (keptGlobals.has(path))
        return value(globalCall(path, ...args.map((arg) => this.plain(arg, locals))));
    }
    const of = this.#value(callee.object, locals);
    const translated = args.map((arg) =>
      arg.type === 'ArrowFunctionExpression' ? this.#arrow(arg, of.as, locals) : this.plain(arg, locals),
    );
    const special = this.#names.method(of, name, translated);
    if (special !== undefined) return special;
    if (!keptMethods.has(name)) throw new UntranslatableError(`the method ${name}`);
    if (of.as === 'item') throw new UntranslatableError(`the method ${name} of an item`);
    const kept = of.as === 'items' && ['filter', 'slice'].includes(name);
    const one = of.as === 'items' && ['find', 'at'].includes(name);
    return { expr: methodCall(of.expr, name, ...translated), as: kept ? 'items' : one ? 'item' : 'value' };
  }

  #arrow(
    node: Extract<JsExpression, { type: 'ArrowFunctionExpression' }>,
    over: JsValue['as'],
    locals: Locals,
  ): Expr {
    if (node.body.type === 'BlockStatement' || node.async)
      throw new UntranslatableError('a function with statements');
    const inner = new Map(locals);
    const parameters = node.params.map((parameter, index) => {
      if (parameter.type !== 'Identifier' || !/^[A-Za-z_]\w*$/.test(parameter.name)) {
        throw new UntranslatableError('a function with patterns as parameters');
      }
      // Names of the draft begin with letters, so an arrow's own names cannot hide them.
      const name = `$${parameter.name}`;
      inner.set(parameter.name, {
        expr: named(name),
        as: over === 'items' && index === 0 ? 'item' : 'value',
      });
      return name;
    });
    return { kind: 'arrow', parameters, body: this.plain(node.body, inner) };
  }

  #new(callee: JsNode, args: readonly JsNode[], locals: Locals): Expr {
    const isDate = callee.type === 'Identifier' && (callee as unknown as { name: string }).name === 'Date';
    if (!isDate) throw new UntranslatableError('new objects other than dates');
    const [only, ...others] = args;
    if (only === undefined) return this.#names.now();
    if (others.length > 0) throw new UntranslatableError('a date in the time zone of the machine');
    return instantDate(asInstant(this.plain(only, locals)));
  }

  #objectMember(
    property: Extract<JsExpression, { type: 'ObjectExpression' }>['properties'][number],
    locals: Locals,
  ): ObjectMember {
    if (property.type === 'SpreadElement') return { spread: this.plain(property.argument, locals) };
    if (property.kind !== 'init' || property.method) throw new UntranslatableError('an object with methods');
    const { key } = property;
    if (property.computed) {
      return {
        computed: helper('toText', this.plain(key, locals)),
        value: this.plain(property.value, locals),
      };
    }
    const name =
      key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined;
    if (name === undefined || name === '__proto__')
      throw new UntranslatableError('an object with private members');
    return { name, value: this.plain(property.value, locals) };
  }
}
