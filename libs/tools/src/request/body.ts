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
      return body.encoding === 'form' ? form(argument, value, '') : json(JSON.stringify(value));
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
        ...fixed.map(([name, value]) => formPairs(name, value, name)),
        ...names.map((name) => formPairs(name, args[name], under === undefined ? name : `${under}[${name}]`)),
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

function form(argument: string, value: unknown, key: string): WrittenBody {
  if (typeof value !== 'object' || value === null)
    throw new ToolRequestError('TOOL_ARGUMENT_SHAPE', argument);
  return { text: formPairs(argument, value, key).join('&'), mediaType: formType };
}

/** A value as pairs: `name[member]=value`, `name[0]=value`, and an empty text for null. Empty lists and objects give none. */
export function formPairs(argument: string, value: unknown, key: string): string[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) {
    const text = value === null ? '' : scalarText(argument, value);
    return [`${encodeComponent(argument, key)}=${encodeComponent(argument, text)}`];
  }
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((item: unknown, index) => [String(index), item])
    : Object.entries(value);
  return entries.flatMap(([name, child]) =>
    formPairs(argument, child, key === '' ? name : `${key}[${name}]`),
  );
}
