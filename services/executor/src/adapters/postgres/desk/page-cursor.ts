import { z } from 'zod';

const cursorSchema = z.tuple([z.string().regex(/^\d{1,20}$/), z.uuid()]);

/** Where a page ended: the time of its last row in microseconds, and its call. */
export interface PageEnd {
  readonly atUs: string;
  readonly callId: string;
}

export function writeCursor({ atUs, callId }: PageEnd): string {
  return Buffer.from(JSON.stringify([atUs, callId])).toString('base64url');
}

/** Undefined for what `writeCursor` has not written. */
export function readCursor(text: string): PageEnd | undefined {
  try {
    const read = cursorSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return read.success ? { atUs: read.data[0], callId: read.data[1] } : undefined;
  } catch {
    return undefined;
  }
}
