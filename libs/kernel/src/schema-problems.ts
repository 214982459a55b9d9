import { jsonPointer } from './json-pointer.js';

/** What a schema library says of one place: the part of it that matters here. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const MOST_PROBLEMS = 50;

/**
 * What is wrong with a value, by place: RFC 6901 pointers that begin with `parent`. One mistake can repeat in a thousand
 * places, so there are at most 50.
 */
export function schemaProblems(
  issues: readonly SchemaIssue[],
  parent = '',
): { readonly pointer: string; readonly message: string }[] {
  return issues
    .slice(0, MOST_PROBLEMS)
    .map(({ path, message }) => ({ pointer: parent + jsonPointer(path.map(String)), message }));
}
