import { z } from 'zod';

/** The largest time that PostgreSQL holds, in microseconds, has 18 digits; a cursor of more is none of ours. */
const cursorSchema = z.tuple([z.string().regex(/^\d{1,17}$/), z.uuid()]);

/** Where a page ended: the time of its last row in microseconds, and its call. */
export interface PageEnd {
  readonly atUs: string;
  readonly callId: string;
}

/** The text by which a caller asks for the next page. */
export function writePageCursor({ atUs, callId }: PageEnd): string {
  return toBase64Url(JSON.stringify([atUs, callId]));
}

/** Undefined for a text that `writePageCursor` has not written. */
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
