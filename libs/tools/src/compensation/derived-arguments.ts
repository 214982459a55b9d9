import type { Compensation, Tool } from '@action-mesh/contracts/catalog';
import { IJsonError, jsonAt, parseExactIJson, writeJson, type JsonText } from '@action-mesh/kernel';

import { NotDerivableError, type DerivationProblem } from '../tools.errors.js';

/** The source values of a compensating call. */
export interface DoneCall {
  readonly arguments: unknown;
  readonly result: JsonText | undefined;
}

/** An integer id as providers write it in JSON. The provider does not know any other spelling of the number. */
const integer = /^-?(?:0|[1-9][0-9]*)$/;

/**
 * The arguments of a compensating call, exact to the last digit. A number becomes a text where `input`, the undoing
 * tool's, takes only texts. Throws {@link NotDerivableError} when a source value is missing or cannot be carried
 * exactly: an approximate id would undo something else.
 */
export function derivedArguments(
  compensation: Compensation,
  done: DoneCall,
  input: Tool['input'],
): Record<string, unknown> {
  const source = writeJson({ arguments: done.arguments, result: done.result });
  const problems: DerivationProblem[] = [];
  const entries = Object.entries(compensation.arguments).map(([name, from]): [string, unknown] => {
    if ('value' in from) return [name, from.value];
    try {
      const text = jsonAt(source, from.from);
      if (text === undefined)
        problems.push({ pointer: from.from, message: `is missing, and ${name} comes from it` });
      else return [name, valueOf(text, takesOnlyText(input, name))];
    } catch (error) {
      if (!(error instanceof IJsonError)) throw error;
      problems.push(inexact(name, from.from, error));
    }
    return [name, undefined];
  });
  if (problems.length === 0) return Object.fromEntries(entries);
  throw new NotDerivableError(problems);
}

function valueOf(text: string, asText: boolean): unknown {
  return asText && integer.test(text) ? text : parseExactIJson(text);
}

function inexact(
  name: string,
  pointer: string,
  { code, message, pointer: within }: IJsonError,
): DerivationProblem {
  return { pointer: pointer + within, code, message: `${message}, and ${name} comes from it` };
}

/** Whether a property of an object takes texts and no numbers. References into `$defs` are followed. */
function takesOnlyText(input: Tool['input'], name: string): boolean {
  const properties = input['properties'];
  if (typeof properties !== 'object' || properties === null || !Object.hasOwn(properties, name)) return false;
  const types = typesOf(input, Reflect.get(properties, name));
  return types.has('string') && !types.has('number') && !types.has('integer');
}

/**
 * The types that a schema names, in all its alternatives. It follows each reference once, so the time is linear in the
 * schema, also with cycles.
 */
function typesOf(root: Tool['input'], schema: unknown): ReadonlySet<string> {
  const types = new Set<string>();
  const followed = new Set<string>();
  const open = [schema];
  for (const part of open) {
    if (typeof part !== 'object' || part === null) continue;
    const { type, $ref, anyOf, oneOf, allOf } = part as Readonly<Record<string, unknown>>;
    for (const each of [type].flat()) if (typeof each === 'string') types.add(each);
    for (const list of [anyOf, oneOf, allOf])
      if (Array.isArray(list)) for (const alternative of list) open.push(alternative);
    if (typeof $ref !== 'string' || !$ref.startsWith('#/') || followed.has($ref)) continue;
    followed.add($ref);
    open.push(valueAt(root, $ref.slice(2)));
  }
  return types;
}

function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const token of path.split('/')) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
