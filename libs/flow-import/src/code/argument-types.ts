import type { Tool } from '@action-mesh/contracts/catalog';
import type { JsonValue } from '@action-mesh/kernel';

import { helper, literal, unwritten, type Expr } from '../model/expression.js';
import { field, elementsOf, recordOf } from '../read/fields.js';
import { isText } from './print-expression.js';

/** An argument of a tool, and a reason for a look at it. */
export interface FittedArguments {
  readonly args: Expr;
  /** Required arguments that the export does not give. A person must write them. */
  readonly missing: readonly string[];
  /** Arguments that the tool does not have. They are left out. */
  readonly unknown: readonly string[];
}

/** Fits the members of an argument object to the input schema of a catalog tool. */
export function fittedArguments(tool: Tool, given: ReadonlyMap<string, Expr>): FittedArguments {
  const schema = tool.input as JsonValue;
  const properties = recordOf(field(schema, 'properties'));
  const isOpen = Object.keys(properties).length === 0;
  const required = elementsOf(field(schema, 'required')).filter((name) => typeof name === 'string');
  const known = [...given].filter(([name]) => isOpen || Object.hasOwn(properties, name));
  const missing = required.filter((name) => !given.has(name));
  return {
    args: {
      kind: 'object',
      members: [
        ...known.map(([name, value]) => ({ name, value: fitted(value, field(properties, name)) })),
        ...missing.map((name) => ({ name, value: unwritten(`the argument ${name} of ${tool.slug}`) })),
      ],
    },
    missing,
    unknown: [...given.keys()].filter((name) => !known.some(([other]) => other === name)),
  };
}

/** Converts a value whose type is known in the draft and differs from the schema. */
function fitted(value: Expr, schema: JsonValue | undefined): Expr {
  const type = field(schema, 'type');
  const types = typeof type === 'string' ? [type] : elementsOf(type);
  if (types.length === 0) return value;
  const isNumeric = types.includes('number') || types.includes('integer');
  if (isText(value) && !types.includes('string')) {
    if (isNumeric) return fittedNumber(value);
    if (types.includes('boolean')) return helper('toBoolean', value);
    if (types.includes('array')) return { kind: 'array', items: [value] };
    return helper('parseJson', value);
  }
  if (value.kind === 'literal' && types.includes('string') && types.length === 1) {
    return typeof value.value === 'number' || typeof value.value === 'boolean'
      ? literal(String(value.value))
      : value;
  }
  if (value.kind === 'array' && types.includes('string') && types.length === 1) {
    return { kind: 'method', of: value, name: 'join', args: [literal(', ')] };
  }
  if (value.kind === 'object' && types.includes('object')) return fittedMembers(value, schema);
  return value;
}

function fittedNumber(value: Expr): Expr {
  const number = value.kind === 'literal' ? Number(value.value) : Number.NaN;
  return Number.isFinite(number) && value.kind === 'literal' && value.value !== ''
    ? literal(number)
    : helper('toNumber', value);
}

function fittedMembers(value: Extract<Expr, { kind: 'object' }>, schema: JsonValue | undefined): Expr {
  const every = field(schema, 'additionalProperties');
  return {
    kind: 'object',
    members: value.members.map((member) =>
      'name' in member
        ? {
            name: member.name,
            value: fitted(member.value, field(schema, 'properties', member.name) ?? every),
          }
        : member,
    ),
  };
}
