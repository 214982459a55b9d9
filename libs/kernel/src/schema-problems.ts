import { jsonPointer } from './json-pointer.js';

/** The part of a schema library's report that matters here. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const mostProblems = 50;

/**
 * The problems of a value by place, as RFC 6901 pointers that begin with `parent`. One mistake can repeat in a
 * thousand places, so the list ends after 50.
 */
export function schemaProblems(
  issues: readonly SchemaIssue[],
  parent = '',
): { readonly pointer: string; readonly message: string }[] {
  return issues
    .slice(0, mostProblems)
    .map(({ path, message }) => ({ pointer: parent + jsonPointer(path.map(String)), message }));
}
