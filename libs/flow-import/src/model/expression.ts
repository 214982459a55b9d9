import type { JsonValue } from '@action-mesh/kernel';

/** A variable of a draft. Its identity is the object; the printer gives it a name that is free. */
export interface Variable {
  /** Words for the name, such as the title of the node. */
  readonly hint: string;
}

/** A value in a draft. Front ends build these trees, and the printer writes them as TypeScript. */
export type Expr =
  | { readonly kind: 'literal'; readonly value: JsonValue | undefined }
  | { readonly kind: 'variable'; readonly variable: Variable }
  /** A name that the printer writes as it is: `run.id`, `Math`, an arrow's parameter. */
  | { readonly kind: 'name'; readonly name: string }
  /** Reads a member. Gives undefined for a missing object, as the old products do. */
  | { readonly kind: 'member'; readonly of: Expr; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expr; readonly index: Expr }
  | { readonly kind: 'method'; readonly of: Expr; readonly name: string; readonly args: readonly Expr[] }
  /** A call of a global function or of a helper from the authoring API. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[]; readonly helper: boolean }
  | { readonly kind: 'new'; readonly name: string; readonly args: readonly Expr[] }
  | { readonly kind: 'template'; readonly parts: readonly Expr[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly of: Expr }
  | { readonly kind: 'choice'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
  | { readonly kind: 'array'; readonly items: readonly Expr[] }
  | { readonly kind: 'object'; readonly members: readonly ObjectMember[] }
  | { readonly kind: 'arrow'; readonly parameters: readonly string[]; readonly body: Expr }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  /** A part that a person must write. It never compiles. */
  | { readonly kind: 'todo'; readonly what: string };

export type ObjectMember =
  | { readonly name: string; readonly value: Expr }
  | { readonly spread: Expr }
  | { readonly computed: Expr; readonly value: Expr };

export const literal = (value: JsonValue | undefined): Expr => ({ kind: 'literal', value });
export const variableOf = (variable: Variable): Expr => ({ kind: 'variable', variable });
export const named = (name: string): Expr => ({ kind: 'name', name });
/** Reads members one after the other. A member of an object that is written out is its value. */
export const memberOf = (of: Expr, ...names: readonly string[]): Expr =>
  names.reduce<Expr>(
    (object, name) => writtenMember(object, name) ?? { kind: 'member', of: object, name },
    of,
  );

function writtenMember(object: Expr, name: string): Expr | undefined {
  if (object.kind !== 'object') return undefined;
  for (const member of object.members.toReversed()) {
    if ('spread' in member) return memberOf(member.spread, name);
    if ('computed' in member) return undefined;
    if (member.name === name) return member.value;
  }
  return literal(undefined);
}

/** A value as text. Values that are text already stay themselves. */
export const asText = (value: Expr): Expr =>
  value.kind === 'template' || (value.kind === 'literal' && typeof value.value === 'string')
    ? value
    : helper('toText', value);

export const helper = (name: string, ...args: readonly Expr[]): Expr => ({
  kind: 'call',
  name,
  args,
  helper: true,
});
export const globalCall = (name: string, ...args: readonly Expr[]): Expr => ({
  kind: 'call',
  name,
  args,
  helper: false,
});
export const methodCall = (of: Expr, name: string, ...args: readonly Expr[]): Expr => ({
  kind: 'method',
  of,
  name,
  args,
});
export const binary = (left: Expr, operator: string, right: Expr): Expr => ({
  kind: 'binary',
  operator,
  left,
  right,
});
export const not = (of: Expr): Expr => ({ kind: 'unary', operator: '!', of });
export const objectOf = (members: Iterable<readonly [string, Expr]>): Expr => ({
  kind: 'object',
  members: [...members].map(([name, value]) => ({ name, value })),
});
export const listExpr = (items: readonly Expr[]): Expr => ({ kind: 'array', items });
export const unwritten = (what: string): Expr => ({ kind: 'todo', what });

/** Joins parts of a text. One literal text stays a literal. */
export function template(parts: readonly Expr[]): Expr {
  const joined: Expr[] = [];
  for (const part of parts) {
    const before = joined.at(-1);
    if (part.kind === 'literal' && before?.kind === 'literal') {
      joined[joined.length - 1] = literal(plainText(before.value) + plainText(part.value));
    } else joined.push(part);
  }
  const [only, ...others] = joined;
  if (only === undefined) return literal('');
  if (others.length === 0 && only.kind === 'literal') return literal(plainText(only.value));
  return { kind: 'template', parts: joined };
}

const plainText = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);

/** Joins conditions. One condition stays itself; none is no condition and gives undefined. */
export function combined(conditions: readonly Expr[], operator: '&&' | '||'): Expr | undefined {
  return conditions.length === 0
    ? undefined
    : conditions.reduce((left, right) => binary(left, operator, right));
}
