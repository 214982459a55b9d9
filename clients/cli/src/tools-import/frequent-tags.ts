import { importDocument, OpenApiError, type ImportOptions } from '@action-mesh/openapi';

const mostTags = 10;

/**
 * The tags of a document with the most importable operations, the most frequent first. They suggest values for
 * `--select`.
 */
export function frequentTags(text: string, options: ImportOptions): readonly string[] {
  const counts = new Map<string, number>();
  for (const tag of toolsOf(text, options).flatMap(({ tags }) => tags))
    counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .sort(([left, leftCount], [right, rightCount]) => rightCount - leftCount || (left < right ? -1 : 1))
    .slice(0, mostTags)
    .map(([tag]) => tag);
}

function toolsOf(text: string, options: ImportOptions): ReturnType<typeof importDocument>['tools'] {
  try {
    return importDocument(text, { ...options, select: [] }).tools;
  } catch (error) {
    // For example, the document has more operations than one import takes.
    if (error instanceof OpenApiError) return [];
    throw error;
  }
}
