import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafe(8 * 1_024);
let used = pool.length;

/**
 * Random bytes. They are valid until the next turn of the event loop: copy them to keep them. The pool asks the
 * system for large pieces, because every piece costs a system call and every call has several ids.
 */
export function randomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}
