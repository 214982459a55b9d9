import type { Tool } from '@action-mesh/contracts/catalog';

import { ToolRequestError } from '../tools.errors.js';
import { encodeComponent, scalarText, type Arguments } from './argument-text.js';

type Body = NonNullable<Tool['http']['body']>;

/** The body of a request, with the media type that it has where the tool names none. */
export interface WrittenBody {
  readonly text: string;
  readonly mediaType: string;
}

export interface BodyParts {
  /** How the tool shapes it; absent: the JSON object of the arguments that no parameter takes. */
  readonly body: Body | undefined;
  /** Arguments that go elsewhere. */
  readonly placed: ReadonlySet<string>;
  /** Whether some argument could be in it, so that a request without any still has an empty one. */
  readonly isDeclared: boolean;
}

export type WriteBody = (args: Arguments) => WrittenBody | undefined;

/** Worked out once per tool. What it returns throws `ToolRequestError`, and nothing when there is no body. */
export function compileBody({ body, placed, isDeclared }: BodyParts): WriteBody {
  const unplaced = (args: Arguments): string[] =>
    Object.keys(args).filter((name) => !placed.has(name) && args[name] !== undefined);
  const argument = body?.argument;
  if (body !== undefined && argument !== undefined) {
    return (args) => {
      for (const name of unplaced(args)) {
        if (name !== argument) throw new ToolRequestError('TOOL_ARGUMENT_UNPLACED', name);
      }
      const value = Object.hasOwn(args, argument) ? args[argument] : undefined;
      if (value === undefined) return undefined;
      return body.encoding === 'form' ? form(argument, value, body.lists) : json(JSON.stringify(value));
    };
  }
  const fixed = Object.entries(body?.fixed ?? {});
  const under = body?.under;
  return (args) => {
    const names = unplaced(args);
    if (names.length === 0 && fixed.length === 0 && !isDeclared) return undefined;
    if (under === undefined) {
      const clash = fixed.find(([name]) => names.includes(name));
      if (clash !== undefined) throw new ToolRequestError('TOOL_ARGUMENT_FIXED', clash[0]);
    }
    if (body?.encoding === 'form') {
      const pairs = [
        ...fixed.map(([name, value]) => formPairs(name, value, name, body.lists)),
        ...names.map((name) =>
          under === undefined
            ? formPairs(name, args[name], name, body.lists)
            : formPairs(name, args[name], `${under}[${name}]`, body.lists, 1),
        ),
      ];
      return { text: pairs.flat().join('&'), mediaType: formType };
    }
    const own = names.map((name) => member(name, args[name]));
    const members = fixed.map(([name, value]) => member(name, value));
    return json(
      `{${[...members, ...(under === undefined ? own : [`${JSON.stringify(under)}:{${own.join(',')}}`])].join(',')}}`,
    );
  };
}

const formType = 'application/x-www-form-urlencoded';

/** Written by hand: a copy of the members would have to be safe against every name that an object may hold. */
function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function json(text: string): WrittenBody {
  return { text, mediaType: 'application/json' };
}

/** A form has names, so that only an object can be a whole one. */
function form(argument: string, value: unknown, lists: Lists): WrittenBody {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ToolRequestError('TOOL_ARGUMENT_SHAPE', argument);
  const pairs = Object.entries(value).map(([name, child]) => formPairs(argument, child, name, lists));
  return { text: pairs.flat().join('&'), mediaType: formType };
}

type Lists = Body['lists'] | undefined;

/**
 * A value as pairs: `name[member]=value`, and an empty text for null. Empty lists and objects give none. `depth` is how many
 * objects and lists of the form the value lies within.
 *
 * - A list repeats its pair, `name=value`, as OpenAPI has it by default; deeper as `name[member][]=value`, which whoever reads
 *   brackets takes for a list. A name of the form's own may end in a bracket and is sent as it is: `ids[]=value`.
 * - Items that are objects or lists themselves are numbered, `name[0][member]=value`, so that it is seen where one ends; with
 *   `indexed` all items are.
 */
export function formPairs(argument: string, value: unknown, key: string, lists: Lists, depth = 0): string[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [formPair(argument, value, key)];
  if (!Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, child]) =>
      formPairs(argument, child, `${key}[${name}]`, lists, depth + 1),
    );
  }
  if (lists === 'indexed' || value.some((item) => typeof item === 'object' && item !== null)) {
    return value.flatMap((item, index) => formPairs(argument, item, `${key}[${index}]`, lists, depth + 1));
  }
  const repeated = depth > 0 && !key.endsWith('[]') ? `${key}[]` : key;
  return value.map((item) => formPair(argument, item, repeated));
}

function formPair(argument: string, value: unknown, key: string): string {
  const text = value === null ? '' : scalarText(argument, value);
  return `${encodeComponent(argument, key)}=${encodeComponent(argument, text)}`;
}
