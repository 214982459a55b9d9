import type { OpenApiDocument } from '../document/openapi-document.js';
import { below, type Findings } from '../finding.js';
import { listAt, member, stringAt, type ReadonlyJsonObject, isJsonObject } from '../json-object.js';
import type { Operation } from '../operations/operation.js';

/** A parameter as the document declares it. */
export interface DeclaredParameter {
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly name: string;
  readonly required: boolean;
  readonly source: ReadonlyJsonObject;
  readonly pointer: string;
}

const places = ['path', 'query', 'header', 'cookie'] as const;
/**
 * Other parts of a document describe these headers. As parameters they have no meaning (OpenAPI 3, Parameter Object).
 */
const ignoredHeaders: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization']);
const most = 200;

/**
 * The parameters of an operation and of its path. A parameter of the operation replaces one of the path with the same
 * place and name. The order is path, query, header, cookie, so the first place keeps a shared name.
 */
export function declaredParameters(
  document: OpenApiDocument,
  { source, pointer, pathItem, pathPointer }: Operation,
  findings: Findings,
): DeclaredParameter[] {
  const byPlace = new Map<string, DeclaredParameter>();
  const all = [
    ...listAt(pathItem, 'parameters').map((value, index) => ({
      value,
      at: below(pathPointer, 'parameters', index),
    })),
    ...listAt(source, 'parameters').map((value, index) => ({
      value,
      at: below(pointer, 'parameters', index),
    })),
  ];
  if (all.length > most) findings.refuse('too_many_parameters', pointer, `has more than ${most} parameters`);
  for (const { value, at } of all.slice(0, most)) {
    const parameter = readParameter(document, value, at, findings);
    if (parameter !== undefined) byPlace.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...byPlace.values()].sort((left, right) => places.indexOf(left.in) - places.indexOf(right.in));
}

function readParameter(
  document: OpenApiDocument,
  value: unknown,
  at: string,
  findings: Findings,
): DeclaredParameter | undefined {
  const followed = document.follow(value, at);
  if (!followed.ok) {
    findings.refuse(followed.code, at, followed.message);
    return undefined;
  }
  const { value: source, pointer } = followed;
  const place = places.find((candidate) => candidate === member(source, 'in'));
  const name = stringAt(source, 'name');
  if (name === '' && place !== undefined && place !== 'path' && member(source, 'required') !== true) {
    findings.warn('parameter_unreadable', pointer, 'has no name; it is optional, and was left out');
    return undefined;
  }
  if (
    !isJsonObject(source) ||
    place === undefined ||
    name === undefined ||
    name === '' ||
    name.length > 200
  ) {
    findings.refuse(
      'parameter_unreadable',
      pointer,
      'must have a place ("in") and a name of at most 200 characters',
    );
    return undefined;
  }
  if (place === 'header' && ignoredHeaders.has(name.toLowerCase())) return undefined;
  return {
    in: place,
    name,
    required: place === 'path' || member(source, 'required') === true,
    source,
    pointer,
  };
}
