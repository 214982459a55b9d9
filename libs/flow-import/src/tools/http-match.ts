import type { Tool } from '@action-mesh/contracts/catalog';
import { parseUrl } from '@action-mesh/kernel';

import { literal, template, type Expr } from '../model/expression.js';
import { field, recordOf } from '../read/fields.js';

/** An HTTP request of an export. */
export interface HttpCall {
  /** In capitals. */
  readonly method: string;
  /** The address in parts: literal text and expressions. */
  readonly url: readonly Expr[];
  readonly query: ReadonlyMap<string, Expr>;
  readonly headers: ReadonlyMap<string, Expr>;
  readonly body: Expr | undefined;
}

const hole = (index: number) => `\uE000${index}\uE001`;
const holes = /\uE000(\d+)\uE001/g;
const wholeHole = /^\uE000(\d+)\uE001$/;

/** The parts of an address: the parts of a template, or the one expression. */
export const urlParts = (url: Expr): readonly Expr[] => (url.kind === 'template' ? url.parts : [url]);

/**
 * The catalog tool with the host, path and method of a request, and its arguments. Undefined when any part of the
 * request, such as a header, has no place in the tool.
 */
export function matchedTool(
  tools: readonly Tool[],
  call: HttpCall,
): { tool: Tool; args: ReadonlyMap<string, Expr> } | undefined {
  const address = call.url
    .map((part, index) =>
      part.kind === 'literal' && typeof part.value === 'string' ? part.value : hole(index),
    )
    .join('');
  const [path = '', queryText] = address.split('?', 2);
  const query = new Map(call.query);
  for (const pair of queryText?.split('&') ?? []) {
    if (pair === '') continue;
    const [name = '', value = ''] = pair.split('=', 2);
    query.set(decoded(name), filled(value, call.url));
  }
  for (const tool of tools) {
    if (tool.http.method !== call.method) continue;
    const args = pathArguments(tool, path, call.url);
    if (
      args !== undefined &&
      addParameters(tool, query, args) &&
      addHeaders(tool, call.headers, args) &&
      addBody(tool, call.body, args)
    ) {
      return { tool, args };
    }
  }
  return undefined;
}

function pathArguments(tool: Tool, path: string, parts: readonly Expr[]): Map<string, Expr> | undefined {
  const expected = `${tool.provider.base_url.replace(/\/+$/, '')}${tool.http.path}`.split('/');
  const given = path.replace(/\/+$/, '').split('/');
  if (expected.length !== given.length) return undefined;
  const [wanted, actual] = [parseUrl(expected.slice(0, 3).join('/')), parseUrl(given.slice(0, 3).join('/'))];
  if (wanted === undefined || actual?.origin !== wanted.origin) return undefined;
  const args = new Map<string, Expr>();
  for (const [index, segment] of expected.entries()) {
    if (index < 3) continue;
    const actualSegment = given[index] ?? '';
    const argument = /^\{([^{}]+)\}$/.exec(segment)?.[1];
    if (argument !== undefined && actualSegment !== '') args.set(argument, filled(actualSegment, parts));
    else if (segment !== actualSegment) return undefined;
  }
  return args;
}

function addParameters(tool: Tool, query: ReadonlyMap<string, Expr>, args: Map<string, Expr>): boolean {
  for (const [name, value] of query) {
    const parameter = tool.http.parameters.find((one) => one.in === 'query' && one.name === name);
    if (parameter === undefined) return false;
    args.set(parameter.argument, value);
  }
  return true;
}

const mediaTypes = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
  bytes: 'application/octet-stream',
} as const;

/** A header is an argument of the tool, or the tool itself sends the same one. Any other may change the meaning. */
function addHeaders(tool: Tool, headers: ReadonlyMap<string, Expr>, args: Map<string, Expr>): boolean {
  const fixed = new Map(
    Object.entries(tool.http.headers).map(([name, value]) => [name.toLowerCase(), value] as const),
  );
  if (!fixed.has('content-type')) fixed.set('content-type', mediaTypes[tool.http.body?.encoding ?? 'json']);
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    const parameter = tool.http.parameters.find(
      (one) => one.in === 'header' && one.name.toLowerCase() === name,
    );
    if (parameter !== undefined) args.set(parameter.argument, value);
    else if (value.kind !== 'literal' || value.value !== fixed.get(name)) return false;
  }
  return true;
}

/** Members of the body are arguments, unless the tool nests them or takes the body as one argument. */
function addBody(tool: Tool, body: Expr | undefined, args: Map<string, Expr>): boolean {
  if (body === undefined) return true;
  const binding = tool.http.body;
  if (binding?.under !== undefined || binding?.encoding === 'multipart' || binding?.encoding === 'bytes')
    return false;
  if (binding?.argument !== undefined) {
    args.set(binding.argument, body);
    return true;
  }
  if (body.kind !== 'object') return false;
  const properties = recordOf(field(tool.input, 'properties'));
  for (const member of body.members) {
    if (!('name' in member) || !Object.hasOwn(properties, member.name)) return false;
    args.set(member.name, member.value);
  }
  return true;
}

/** The value of a segment or a pair. The mesh encodes arguments itself. */
function filled(text: string, parts: readonly Expr[]): Expr {
  const only = wholeHole.exec(text)?.[1];
  if (only !== undefined) return bare(parts[Number(only)] ?? literal(''));
  const pieces: Expr[] = [];
  let from = 0;
  for (const match of text.matchAll(holes)) {
    pieces.push(
      literal(decoded(text.slice(from, match.index))),
      bare(parts[Number(match[1])] ?? literal('')),
    );
    from = match.index + match[0].length;
  }
  return template([...pieces, literal(decoded(text.slice(from)))]);
}

const bare = (expr: Expr): Expr => {
  const [argument] = expr.kind === 'call' && expr.name === 'encodeURIComponent' ? expr.args : [];
  return argument ?? expr;
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
