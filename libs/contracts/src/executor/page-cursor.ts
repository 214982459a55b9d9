import { z } from 'zod';

/** PostgreSQL's largest time, in microseconds, has 18 digits. A longer number is not one of our cursors. */
const cursorSchema = z.tuple([z.string().regex(/^\d{1,17}$/), z.uuid()]);

/** The end of a page: the time of its last row in microseconds, and the id of its call. */
export interface PageEnd {
  readonly atUs: string;
  readonly callId: string;
}

/** Writes the cursor of the next page. */
export function writePageCursor({ atUs, callId }: PageEnd): string {
  return toBase64Url(JSON.stringify([atUs, callId]));
}

/** Reads a cursor. Undefined: `writePageCursor` did not write the text. */
export function readPageCursor(text: string): PageEnd | undefined {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const read = cursorSchema.safeParse(decoded);
    if (!read.success || toBase64Url(JSON.stringify(read.data)) !== text) return undefined;
    return { atUs: read.data[0], callId: read.data[1] };
  } catch {
    return undefined;
  }
}

/** Whether a text is the cursor of a page. */
export function isPageCursor(text: string): boolean {
  return readPageCursor(text) !== undefined;
}

function toBase64Url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
