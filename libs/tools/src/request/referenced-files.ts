import type { Tool } from '@action-mesh/contracts/catalog';

import { ToolRequestError } from '../tools.errors.js';
import type { Arguments } from './argument-text.js';
import { loadedFile, readReference, type FileContent, type FileReference } from './file-argument.js';

/** A file to load before the request can be built, with the argument that names it. */
export interface ReferencedFile {
  readonly argument: string;
  readonly reference: FileReference;
}

type FileTool = { readonly http: Pick<Tool['http'], 'body'> };
type Replace = (argument: string, value: unknown) => unknown;

/**
 * The most references in a call. Each reference costs a request or a query, and the arguments of one call could hold
 * thousands.
 */
const mostReferences = 16;

/**
 * The files of a call that its arguments name by URL or by an earlier result, always in the same order. Throws
 * `ToolRequestError` for an invalid reference, and for more than 16.
 */
export function referencedFiles(tool: FileTool, args: Arguments): readonly ReferencedFile[] {
  const found: ReferencedFile[] = [];
  mapFiles(tool, args, (argument, value) => {
    const reference = readReference(argument, value);
    if (reference !== undefined) found.push({ argument, reference });
    if (found.length > mostReferences) throw new ToolRequestError('TOOL_FILES_MANY', argument);
    return value;
  });
  return found;
}

/**
 * The arguments with the contents of all referenced files. `contents` are in the order of {@link referencedFiles}.
 */
export function withFiles(tool: FileTool, args: Arguments, contents: readonly FileContent[]): Arguments {
  const rest = [...contents];
  return mapFiles(tool, args, (argument, value) => {
    if (readReference(argument, value) === undefined) return value;
    const content = rest.shift();
    return content === undefined ? value : loadedFile(argument, value, content);
  });
}

/** References are possible only in the parts that the tool declares as files, and in a body that is one file. */
function mapFiles({ http: { body } }: FileTool, args: Arguments, replace: Replace): Arguments {
  if (body?.encoding === 'bytes')
    return body.argument === undefined ? args : mapMembers(args, [body.argument], replace);
  if (body?.encoding !== 'multipart' || body.files === undefined) return args;
  const names = Object.keys(body.files);
  const { argument } = body;
  if (argument === undefined) return mapMembers(args, names, replace);
  const whole = Object.hasOwn(args, argument) ? args[argument] : undefined;
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return args;
  const members = mapMembers(whole as Arguments, names, (_, value) => replace(argument, value));
  return { ...args, [argument]: members };
}

function mapMembers(args: Arguments, names: readonly string[], replace: Replace): Arguments {
  const mapped = names.flatMap((name) => {
    if (!Object.hasOwn(args, name)) return [];
    const value = args[name];
    const next = Array.isArray(value) ? value.map((item) => replace(name, item)) : replace(name, value);
    return [[name, next] as const];
  });
  return mapped.length === 0 ? args : { ...args, ...Object.fromEntries(mapped) };
}
