import type { Tool } from '@action-mesh/contracts/catalog';

import { ToolRequestError, ToolUnusableError } from '../tools.errors.js';
import { encodeComponent, headerText, holdsDotSegment, scalarText } from './argument-text.js';
import { parsePathTemplate, type PathTemplate } from './path-template.js';

/**
 * How the arguments of one tool become an HTTP request. Worked out once per tool, then pure and cheap per
 * call: the same arguments, in the same order of members, always give the same bytes.
 *
 * - R1: an argument never leaves the place it was given: a path value stays within its segment, a query value
 *   within its pair, a header value within its line. What cannot be kept there is refused with
 *   `ToolRequestError`.
 * - R2: every argument is sent, or the request is refused. None is dropped silently.
 * - R3: the origin is the provider's and the base path is kept; no argument has a say in either.
 */

/** A request as it goes to the provider, without credentials and without what the executor adds. */
export interface HttpRequest {
  readonly method: Tool['http']['method'];
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. Absent where the method has no body, or where no argument could ever be in it. */
  readonly body?: string;
}

export type Arguments = Readonly<Record<string, unknown>>;

export type RequestBinding = (args: Arguments) => HttpRequest;

/** The parts of a tool that a request depends on. */
export type BindableTool = Pick<Tool, 'provider' | 'input' | 'http'>;

type Method = Tool['http']['method'];

const METHODS_WITH_BODY: ReadonlySet<Method> = new Set<Method>(['POST', 'PUT', 'PATCH']);

/**
 * Whether arguments that no parameter takes form a body. GET has none, and DELETE only where the tool says so: servers and
 * proxies that do not expect it drop it.
 */
export function hasBody({ method, body }: { readonly method: Method; readonly body?: unknown }): boolean {
  return METHODS_WITH_BODY.has(method) || (method === 'DELETE' && body !== undefined);
}

/** Throws `ToolUnusableError` for a tool whose path and parameters do not fit together. */
export function compileBinding(tool: BindableTool): RequestBinding {
  const { method } = tool.http;
  const placed = new Set(tool.http.parameters.map(({ argument }) => argument));
  const origin = tool.provider.base_url.replace(/\/+$/, '');
  const writePath = compilePath(tool);
  const writeQuery = compileQuery(tool);
  const makeHeaders = compileHeaders(tool);
  const withBody = hasBody(tool.http);
  const bodyIsDeclared = withBody && Object.keys(propertiesOf(tool.input)).some((name) => !placed.has(name));

  return (args) => {
    const url = origin + writePath(args) + writeQuery(args);
    const headers = makeHeaders(args);
    const members = unplacedMembers(args, placed, withBody);
    if (members === '' && !bodyIsDeclared) return { method, url, headers };
    headers['content-type'] ??= 'application/json';
    return { method, url, headers, body: `{${members}}` };
  };
}

const bindings = new WeakMap<BindableTool, RequestBinding>();

/** The request for these arguments; the binding is compiled once per tool object. */
export function buildRequest(tool: BindableTool, args: Arguments): HttpRequest {
  let binding = bindings.get(tool);
  if (binding === undefined) {
    binding = compileBinding(tool);
    bindings.set(tool, binding);
  }
  return binding(args);
}

/**
 * Written by hand: a copy of the members would have to be safe against every name that an object may hold.
 */
function unplacedMembers(args: Arguments, placed: ReadonlySet<string>, withBody: boolean): string {
  let members = '';
  for (const name of Object.keys(args)) {
    const value = args[name];
    if (placed.has(name) || value === undefined) continue;
    if (!withBody) throw new ToolRequestError('TOOL_ARGUMENT_UNPLACED', name);
    members += `${members === '' ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return members;
}

function compilePath(tool: BindableTool): (args: Arguments) => string {
  const parsed = parsePathTemplate(tool.http.path);
  if (!parsed.ok) throw new ToolUnusableError(`the path ${parsed.message}`);
  const argumentOf = new Map<string, string>();
  for (const { argument, in: place, name } of tool.http.parameters) {
    if (place === 'path') argumentOf.set(name, argument);
  }
  const segments = bindSegments(parsed.template, argumentOf);
  return (args) => {
    let path = '';
    for (const segment of segments) {
      path += `/${typeof segment === 'string' ? segment : writeSegment(segment, args)}`;
    }
    return path;
  };
}

type SegmentPart = string | { readonly argument: string };

/** Adjacent knowledge is folded: a segment without a placeholder is its text. */
function bindSegments(
  template: PathTemplate,
  argumentOf: ReadonlyMap<string, string>,
): (string | readonly SegmentPart[])[] {
  return template.map((parts) => {
    const bound = parts.map((part): SegmentPart => {
      if ('text' in part) return part.text;
      const argument = argumentOf.get(part.placeholder);
      if (argument === undefined) throw new ToolUnusableError('a placeholder of the path has no parameter');
      return { argument };
    });
    const [only] = bound;
    return bound.length === 1 && typeof only === 'string' ? only : bound;
  });
}

function writeSegment(parts: readonly SegmentPart[], args: Arguments): string {
  let decoded = '';
  let encoded = '';
  let last = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      decoded += part;
      encoded += part;
      continue;
    }
    const value = own(args, part.argument);
    if (value === undefined) throw new ToolRequestError('TOOL_PATH_VALUE_MISSING', part.argument);
    const text = scalarText(part.argument, value);
    if (text === '') throw new ToolRequestError('TOOL_PATH_VALUE_EMPTY', part.argument);
    decoded += text;
    encoded += encodeComponent(part.argument, text);
    last = part.argument;
  }
  if (holdsDotSegment(decoded)) throw new ToolRequestError('TOOL_PATH_DOT_SEGMENT', last);
  return encoded;
}

/**
 * Arrays repeat the pair (OpenAPI's `form` with `explode`); an empty array and an absent argument give no
 * pair.
 */
function compileQuery(tool: BindableTool): (args: Arguments) => string {
  const parameters = tool.http.parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ argument, name }) => ({ argument, prefix: `${encodeURIComponent(name)}=` }));
  if (parameters.length === 0) return () => '';
  return (args) => {
    let query = '';
    for (const { argument, prefix } of parameters) {
      const value = own(args, argument);
      if (value === undefined) continue;
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      for (const item of items) {
        query += `${query === '' ? '?' : '&'}${prefix}${encodeComponent(argument, scalarText(argument, item))}`;
      }
    }
    return query;
  };
}

function compileHeaders(tool: BindableTool): (args: Arguments) => Record<string, string> {
  const fixed: Record<string, string> = { accept: 'application/json' };
  for (const [name, value] of Object.entries(tool.http.headers)) fixed[name.toLowerCase()] = value;
  const parameters = tool.http.parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ argument, name }) => ({ argument, name: name.toLowerCase() }));
  return (args) => {
    const headers = { ...fixed };
    for (const { argument, name } of parameters) {
      const value = own(args, argument);
      if (value !== undefined) headers[name] = headerText(argument, value);
    }
    return headers;
  };
}

/**
 * Arguments are looked up as own members only: a parameter named `constructor` must not find the prototype's.
 */
function own(args: Arguments, name: string): unknown {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

function propertiesOf(schema: Tool['input']): Readonly<Record<string, unknown>> {
  const { properties } = schema;
  return typeof properties === 'object' && properties !== null && !Array.isArray(properties)
    ? properties
    : {};
}
