import { v7, validate, version } from 'uuid';

/** A new UUIDv7 (RFC 9562): unique, and ordered by the time it was made. */
export function newId(): string {
  return v7();
}

/** Whether the text is a UUIDv7 in its canonical lower-case form. */
export function isId(text: string): boolean {
  return validate(text) && version(text) === 7 && text === text.toLowerCase();
}
