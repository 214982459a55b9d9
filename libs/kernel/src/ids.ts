import { v7, validate, version } from 'uuid';
import { randomBytes } from './random-pool.js';

const uuidBytes = 16;
const maxSequence = 0xffff_ffff;

let lastMs = 0;
let sequence = 0;

/**
 * A new UUIDv7 (RFC 9562): unique, and ordered by creation time. This function keeps the sequence within a
 * millisecond itself. The library keeps one only for ids with random bytes of its own, and those cost a system call
 * for each id.
 */
export function newId(): string {
  const random = randomBytes(uuidBytes);
  const nowMs = Date.now();
  if (nowMs > lastMs || sequence === maxSequence) {
    lastMs = Math.max(nowMs, lastMs + 1);
    // Half of the range, to leave room for the next ids within the millisecond.
    sequence = random.readUInt32BE(0) >>> 1;
  } else {
    sequence += 1;
  }
  return v7({ msecs: lastMs, seq: sequence, random });
}

/** Whether the text is a UUIDv7 in its canonical lower-case form. */
export function isId(text: string): boolean {
  return validate(text) && version(text) === 7 && text === text.toLowerCase();
}
