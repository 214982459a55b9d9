import type { Tool } from '@action-mesh/contracts/catalog';

import { ToolRequestError, ToolUnusableError } from '../tools.errors.js';
import {
  encodeComponent,
  headerText,
  holdsDotSegment,
  itemsOf,
  scalarText,
  type Arguments,
} from './argument-text.js';
import { compileBody } from './body.js';
import { queryPairs } from './query-pairs.js';
import { compilePresets } from './presets.js';
import { parsePathTemplate, type PathTemplate } from './path-template.js';

/**
 * Turns the arguments of one tool into an HTTP request. The binding is compiled once per tool, then it is pure and
 * cheap per call. The same arguments, in the same order of members, always give the same bytes.
 *
 * - RQ1: an argument never leaves its place. A path value stays within its segment, a query value within its pair,
 *   and a header value within its line. `ToolRequestError` refuses a value that cannot be kept there.
 * - RQ2: every argument is sent, or the request is refused. An empty list is nothing in a query or a header, and so
 *   is an empty object in a `deep_object`. In a form body an empty list or object is its key with an empty value,
 *   which clears the field.
 * - RQ3: the origin is the provider's and the base path is kept. No argument changes either.
 */

/** A request to the provider, without credentials and without the executor's additions. */
export interface HttpRequest {
  readonly method: Tool['http']['method'];
  readonly url: string;
  /** Headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * JSON or a form as a text, files as bytes. Absent if the method has no body, or if no argument could ever be in
   * it.
   */
  readonly body?: string | Buffer;
}

export type RequestBinding = (args: Arguments) => HttpRequest;

/** The parts of a tool that a request depends on. */
export type BindableTool = Pick<Tool, 'provider' | 'input' | 'http' | 'presets'>;

type Method = Tool['http']['method'];

const methodsWithBody: ReadonlySet<Method> = new Set<Method>(['POST', 'PUT', 'PATCH']);

/**
 * Whether arguments without a parameter form a body. A GET has none. A DELETE has one only if the tool defines it,
 * because some servers and proxies drop an unexpected body.
 */
export function hasBody({ method, body }: { readonly method: Method; readonly body?: unknown }): boolean {
  return methodsWithBody.has(method) || (method === 'DELETE' && body !== undefined);
}

/** Compiles the binding of a tool. Throws `ToolUnusableError` if its path and parameters do not fit together. */
export function compileBinding(tool: BindableTool): RequestBinding {
  const { method } = tool.http;
  const placed = new Set(tool.http.parameters.map(({ argument }) => argument));
  const origin = tool.provider.base_url.replace(/\/+$/, '');
  const writePath = compilePath(tool);
  const writeQuery = compileQuery(tool);
  const makeHeaders = compileHeaders(tool);
  const withBody = hasBody(tool.http);
  const declared = [...Object.keys(propertiesOf(tool.input)), ...Object.keys(tool.presets ?? {})];
  const isDeclared = withBody && declared.some((name) => !placed.has(name));
  const withPresets = compilePresets(tool.presets);
  const writeBody = compileBody({ body: tool.http.body, placed, isDeclared });

  return (given) => {
    const args = withPresets(given);
    const url = origin + writePath(args) + writeQuery(args);
    const headers = makeHeaders(args);
    if (!withBody) refuseUnplaced(args, placed);
    const body = withBody ? writeBody(args) : undefined;
    if (body === undefined) return { method, url, headers };
    headers['content-type'] ??= body.mediaType;
    return { method, url, headers, body: body.content };
  };
}

/**
 * Builds one request with a binding that is compiled for it alone. For tests, and for callers that build only one
 * request.
 */
export function buildRequest(tool: BindableTool, args: Arguments): HttpRequest {
  return compileBinding(tool)(args);
}

/** A method without a body has no place for arguments without a parameter (RQ2). */
function refuseUnplaced(args: Arguments, placed: ReadonlySet<string>): void {
  for (const name of Object.keys(args)) {
    if (!placed.has(name) && args[name] !== undefined) {
      throw new ToolRequestError('TOOL_ARGUMENT_UNPLACED', name);
    }
  }
}

function compilePath(tool: BindableTool): (args: Arguments) => string {
  const parsed = parsePathTemplate(tool.http.path);
  if (!parsed.ok) throw new ToolUnusableError(`the path ${parsed.message}`);
  const parameterOf = new Map<string, Parameter>();
  for (const parameter of tool.http.parameters) {
    if (parameter.in === 'path') parameterOf.set(parameter.name, parameter);
  }
  const segments = bindSegments(parsed.template, parameterOf);
  return (args) => {
    let path = '';
    for (const segment of segments) {
      path += `/${typeof segment === 'string' ? segment : writeSegment(segment, args)}`;
    }
    return path;
  };
}

type Parameter = Tool['http']['parameters'][number];

type SegmentPart = string | Pick<Parameter, 'argument' | 'style'>;

/** Neighbouring fixed texts are joined: a segment without a placeholder is one text. */
function bindSegments(
  template: PathTemplate,
  parameterOf: ReadonlyMap<string, Parameter>,
): (string | readonly SegmentPart[])[] {
  return template.map((parts) => {
    const bound = parts.map((part): SegmentPart => {
      if ('text' in part) return part.text;
      const parameter = parameterOf.get(part.placeholder);
      if (parameter === undefined) throw new ToolUnusableError('a placeholder of the path has no parameter');
      return parameter;
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
    const texts = itemsOf(part, value).map((item) => scalarText(part.argument, item));
    if (texts.length === 0 || texts.includes('')) {
      throw new ToolRequestError('TOOL_PATH_VALUE_EMPTY', part.argument);
    }
    decoded += texts.join(',');
    encoded += texts.map((text) => encodeComponent(part.argument, text)).join(',');
    last = part.argument;
  }
  if (holdsDotSegment(decoded)) throw new ToolRequestError('TOOL_PATH_DOT_SEGMENT', last);
  return encoded;
}

function compileQuery(tool: BindableTool): (args: Arguments) => string {
  const parameters = tool.http.parameters.filter((parameter) => parameter.in === 'query');
  if (parameters.length === 0) return () => '';
  return (args) => {
    const pairs = parameters.flatMap((parameter) => {
      const value = own(args, parameter.argument);
      return value === undefined ? [] : queryPairs(parameter, value);
    });
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  };
}

function compileHeaders(tool: BindableTool): (args: Arguments) => Record<string, string> {
  const fixed: Record<string, string> = { accept: 'application/json' };
  for (const [name, value] of Object.entries(tool.http.headers)) fixed[name.toLowerCase()] = value;
  const parameters = tool.http.parameters
    .filter((parameter) => parameter.in === 'header')
    .map((parameter) => ({ ...parameter, name: parameter.name.toLowerCase() }));
  return (args) => {
    const headers = { ...fixed };
    for (const parameter of parameters) {
      const { argument, name } = parameter;
      const value = own(args, argument);
      if (value === undefined) continue;
      const texts = itemsOf(parameter, value).map((item) => headerText(argument, item));
      // A header has no escapes, so a comma within an item would split it into two.
      if (Array.isArray(value) && texts.some((text) => text.includes(',')))
        throw new ToolRequestError('TOOL_LIST_DELIMITER', argument);
      if (texts.length > 0) headers[name] = texts.join(',');
    }
    return headers;
  };
}

/** Only own members count: a parameter named `constructor` must not find the prototype's. */
function own(args: Arguments, name: string): unknown {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}

function propertiesOf(schema: Tool['input']): Readonly<Record<string, unknown>> {
  const { properties } = schema;
  return typeof properties === 'object' && properties !== null && !Array.isArray(properties)
    ? properties
    : {};
}
