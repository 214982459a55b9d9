import { toolSlugSchema } from '@action-mesh/contracts/gateway';
import { z } from 'zod';

/** The end of a page of tools: its last tool, and the number of tools up to there. */
export interface ToolPageEnd {
  readonly slug: string;
  readonly count: number;
}

const cursorSchema = z.tuple([toolSlugSchema, z.int().min(1).max(1_000_000)]);
const longestCursor = 500;

/** Writes the cursor of the next page of tools. */
export function writeToolCursor({ slug, count }: ToolPageEnd): string {
  return Buffer.from(JSON.stringify([slug, count])).toString('base64url');
}

/** Reads a cursor. Undefined: {@link writeToolCursor} did not write the text. */
export function readToolCursor(text: string): ToolPageEnd | undefined {
  if (text.length > longestCursor) return undefined;
  try {
    const read = cursorSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (!read.success) return undefined;
    const end = { slug: read.data[0], count: read.data[1] };
    return writeToolCursor(end) === text ? end : undefined;
  } catch {
    return undefined;
  }
}
