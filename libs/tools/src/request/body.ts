import type { Tool } from '@action-mesh/contracts/catalog';

import { ToolRequestError } from '../tools.errors.js';
import { encodeComponent, scalarText, type Arguments } from './argument-text.js';
import { readFile } from './file-argument.js';
import { multipart } from './multipart.js';

type Body = NonNullable<Tool['http']['body']>;

/** The body of a request, with its media type if the tool names none. */
export interface WrittenBody {
  readonly content: string | Buffer;
  readonly mediaType: string;
}

export interface BodyParts {
  /**
   * The body of the tool's definition. If absent, the body is the JSON object of the arguments without a parameter.
   */
  readonly body: Body | undefined;
  /** The arguments with another place. */
  readonly placed: ReadonlySet<string>;
  /** Whether some argument could be in the body. If so, a request without any still has an empty body. */
  readonly isDeclared: boolean;
}

export type WriteBody = (args: Arguments) => WrittenBody | undefined;

/**
 * Compiles the body once per tool. The returned function throws `ToolRequestError`, and returns nothing if there is
 * no body.
 */
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
      return whole(body, argument, value);
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
      const pairs = pairForm(body);
      const written = [
        ...fixed.map(([name, value]) => formPairs(name, value, name, pairs)),
        ...names.map((name) =>
          under === undefined
            ? formPairs(name, args[name], name, pairs)
            : formPairs(name, args[name], `${under}[${name}]`, pairs, 1),
        ),
      ];
      return { content: written.flat().join('&'), mediaType: formType };
    }
    if (body?.encoding === 'multipart') {
      return parts([...fixed, ...names.map((name) => [name, args[name]] as const)], body);
    }
    const own = names.map((name) => member(name, args[name]));
    const members = fixed.map(([name, value]) => member(name, value));
    return json(
      `{${[...members, ...(under === undefined ? own : [`${JSON.stringify(under)}:{${own.join(',')}}`])].join(',')}}`,
    );
  };
}

const formType = 'application/x-www-form-urlencoded';

/** Writes the member as text, because a copy of the object would have to handle every member name safely. */
function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function json(text: string): WrittenBody {
  return { content: text, mediaType: 'application/json' };
}

/** Writes one value as the whole body. */
function whole(body: Body, argument: string, value: unknown): WrittenBody | undefined {
  switch (body.encoding) {
    case 'json':
      return json(JSON.stringify(value));
    case 'form':
      return form(argument, value, pairForm(body));
    case 'multipart':
      return parts(Object.entries(membersOf(argument, value)), body, argument);
    case 'bytes': {
      const mediaType = body.files?.[argument] ?? 'application/octet-stream';
      if (typeof value === 'string') return { content: Buffer.from(value), mediaType };
      const { bytes, contentType } = readFile(argument, value, mediaType);
      return { content: bytes, mediaType: contentType };
    }
  }
}

/** A multipart body has at least one part (RFC 2046, section 5.1.1). Without a member there is no body. */
function parts(
  members: readonly (readonly [string, unknown])[],
  { files = {} }: Body,
  argument?: string,
): WrittenBody | undefined {
  if (members.length === 0) return undefined;
  const { bytes, mediaType } = multipart(
    members.map(([name, value]) => [name, value, argument ?? name]),
    files,
  );
  return { content: bytes, mediaType };
}

/** Only an object has members to encode by name. */
function membersOf(argument: string, value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new ToolRequestError('TOOL_ARGUMENT_SHAPE', argument);
}

function form(argument: string, value: unknown, pairs: PairForm): WrittenBody {
  const written = Object.entries(membersOf(argument, value)).map(([name, child]) =>
    formPairs(argument, child, name, pairs),
  );
  return { content: written.flat().join('&'), mediaType: formType };
}

function pairForm({ lists }: Body): PairForm {
  return { lists, empty: 'pair' };
}

/** The format of values as pairs. */
export interface PairForm {
  /** Whether all items of lists are numbered. */
  readonly lists?: 'indexed' | undefined;
  /** The encoding of an empty list or object: its key with an empty value, which clears it at the provider, or no pair. */
  readonly empty: 'pair' | 'none';
}

/**
 * Writes a value as pairs: `name[member]=value`, and an empty text for null. `depth` counts the objects and lists of
 * the form around the value.
 * - A list repeats its pair, `name=value`, as OpenAPI does by default. At a deeper level it is
 *   `name[member][]=value`, which every reader of brackets takes as a list. A name of the form's own may end in a
 *   bracket and is sent unchanged: `ids[]=value`.
 * - Items that are objects or lists themselves are numbered, `name[0][member]=value`, so the reader finds the end of
 *   each. With `indexed` all items are numbered.
 */
export function formPairs(
  argument: string,
  value: unknown,
  key: string,
  form: PairForm,
  depth = 0,
): string[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [formPair(argument, value, key)];
  const children = Object.entries(value);
  if (children.length === 0) return form.empty === 'pair' ? [formPair(argument, null, key)] : [];
  const isNumbered =
    form.lists === 'indexed' || children.some(([, item]) => typeof item === 'object' && item !== null);
  if (!Array.isArray(value) || isNumbered) {
    return children.flatMap(([name, child]) =>
      formPairs(argument, child, `${key}[${name}]`, form, depth + 1),
    );
  }
  const repeated = depth > 0 && !key.endsWith('[]') ? `${key}[]` : key;
  return value.map((item) => formPair(argument, item, repeated));
}

function formPair(argument: string, value: unknown, key: string): string {
  const text = value === null ? '' : scalarText(argument, value);
  return `${encodeComponent(argument, key)}=${encodeComponent(argument, text)}`;
}
