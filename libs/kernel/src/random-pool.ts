import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafe(8 * 1_024);
let used = pool.length;

/**
 * Random bytes, valid until the next turn at the latest: copy what you keep. Asked for in large pieces, because every
 * piece is a system call and every call has several ids.
 */
export function randomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}
