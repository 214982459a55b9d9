import type { OpenApiDocument } from '../document/openapi-document.js';
import { below, type Findings } from '../finding.js';
import { isJsonObject, listAt, member, objectAt, stringAt, type ReadonlyJsonObject } from '../json-object.js';

/** The methods that OpenAPI allows in a path item. The mesh calls five of them. */
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/** One operation of a document, unchanged. */
export interface Operation {
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  readonly id: string | undefined;
  readonly tags: readonly string[];
  /** JSON pointer to the operation. */
  readonly pointer: string;
  readonly source: ReadonlyJsonObject;
  /** The path item of the operation. It holds parameters and servers for all its operations. */
  readonly pathItem: ReadonlyJsonObject;
  readonly pathPointer: string;
}

/** All operations of a document in its order. A path that cannot be read gets a warning and is skipped. */
export function operationsOf(document: OpenApiDocument, findings: Findings): Operation[] {
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(objectAt(document.root, 'paths'))) {
    if (path === '$ref' || !path.startsWith('/')) {
      if (!path.startsWith('x-'))
        findings.warn('path_unreadable', below('/paths', path), 'is not a path: it must start with "/"');
      continue;
    }
    const at = below('/paths', path);
    const followed = document.follow(item, at);
    const hasOwn = isJsonObject(item) && stringAt(item, '$ref') !== undefined;
    if (!followed.ok) findings.warn(followed.code, at, followed.message);
    else if (!isJsonObject(followed.value))
      findings.warn('path_unreadable', followed.pointer, 'is not an object');
    else if (!hasOwn) operations.push(...operationsAt(path, followed.value, followed.pointer));
    if (!hasOwn) continue;
    // Members beside a reference are added to its target, and win over it.
    const own = operationsAt(path, item, at);
    const referred = followed.ok && isJsonObject(followed.value) ? followed.value : {};
    const pathItem = { ...referred, ...item };
    const pathPointer = followed.ok && member(item, 'parameters') === undefined ? followed.pointer : at;
    for (const operation of operationsAt(path, referred, followed.ok ? followed.pointer : at)) {
      if (own.some(({ method }) => method === operation.method))
        findings.warn(
          'operation_replaced',
          operation.pointer,
          `is replaced by a member beside a reference to it`,
        );
      else own.push(operation);
    }
    operations.push(...own.map((operation) => ({ ...operation, pathItem, pathPointer })));
  }
  return operations;
}

function operationsAt(path: string, pathItem: ReadonlyJsonObject, pathPointer: string): Operation[] {
  return methods.flatMap((method) => {
    const source = member(pathItem, method);
    if (!isJsonObject(source)) return [];
    const tags = listAt(source, 'tags').filter((tag) => typeof tag === 'string');
    const id = stringAt(source, 'operationId');
    const pointer = below(pathPointer, method);
    return [{ method: method.toUpperCase(), path, id, tags, pointer, source, pathItem, pathPointer }];
  });
}
