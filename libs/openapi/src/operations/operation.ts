import type { OpenApiDocument } from '../document/openapi-document.js';
import { below, type Findings } from '../finding.js';
import { isJsonObject, listAt, member, objectAt, textAt, type ReadonlyJsonObject } from '../json-object.js';

/** What OpenAPI allows in a path item; of these the mesh calls five. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/** One operation of a document, as it stands there. */
export interface Operation {
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  readonly id: string | undefined;
  readonly tags: readonly string[];
  /** JSON pointer to it. */
  readonly pointer: string;
  readonly source: ReadonlyJsonObject;
  /** What it is in; holds parameters and servers for all its operations. */
  readonly pathItem: ReadonlyJsonObject;
  readonly pathPointer: string;
}

/** All operations of a document in its order. What cannot be read as a path is found and passed over. */
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
    const hasOwn = isJsonObject(item) && textAt(item, '$ref') !== undefined;
    if (!followed.ok) findings.warn(followed.code, at, followed.message);
    else if (!isJsonObject(followed.value))
      findings.warn('path_unreadable', followed.pointer, 'is not an object');
    else if (!hasOwn) operations.push(...operationsAt(path, followed.value, followed.pointer));
    if (!hasOwn) continue;
    // What stands beside a reference is added to what it leads to, and goes before it.
    const own = operationsAt(path, item, at);
    const referred = followed.ok && isJsonObject(followed.value) ? followed.value : {};
    const pathItem = { ...referred, ...item };
    const pathPointer = followed.ok && member(item, 'parameters') === undefined ? followed.pointer : at;
    for (const operation of operationsAt(path, referred, followed.ok ? followed.pointer : at)) {
      if (own.some(({ method }) => method === operation.method))
        findings.warn(
          'operation_replaced',
          operation.pointer,
          `is replaced by what stands beside a reference to it`,
        );
      else own.push(operation);
    }
    operations.push(...own.map((operation) => ({ ...operation, pathItem, pathPointer })));
  }
  return operations;
}

function operationsAt(path: string, pathItem: ReadonlyJsonObject, pathPointer: string): Operation[] {
  return METHODS.flatMap((method) => {
    const source = member(pathItem, method);
    if (!isJsonObject(source)) return [];
    const tags = listAt(source, 'tags').filter((tag) => typeof tag === 'string');
    const id = textAt(source, 'operationId');
    const pointer = below(pathPointer, method);
    return [{ method: method.toUpperCase(), path, id, tags, pointer, source, pathItem, pathPointer }];
  });
}
