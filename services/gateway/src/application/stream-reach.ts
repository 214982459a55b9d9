import { RequestRefusedError } from '../domain/gateway.errors.js';
import type { StreamCursor } from '../domain/stream-cursor.js';
import type { OutcomeLog } from './outcome-log.port.js';
import type { StreamGap } from './outcome-sink.js';
import type { StreamPosition } from './stream-position.js';

/**
 * Checks a cursor against the log. Where the log has dropped records, the position moves to the oldest held one, and
 * the answer is the gap. Throws `RequestRefusedError` for a cursor of another log. `isInMemory`: memory holds every
 * record from the cursor on.
 */
export async function reachOf(
  cursor: StreamCursor,
  own: StreamPosition,
  isInMemory: boolean,
  identity: string,
  log: Pick<OutcomeLog, 'extent'>,
): Promise<'held' | StreamGap> {
  if (cursor.identity !== identity) throw cursorUnknown('It belongs to another mesh.');
  if (isInMemory) return 'held';
  const { ranges } = await log.extent();
  const isBeyond = [...own.next].some(([partition, offset]) => offset > (ranges.get(partition)?.end ?? -1));
  if (isBeyond) throw cursorUnknown('It is beyond the end of the log, so the log was emptied since.');
  const sinceMs = own.atMs;
  let isExpired = false;
  for (const [partition, { start }] of ranges) {
    if (own.offsetOf(partition) >= start) continue;
    isExpired ||= own.next.has(partition);
    own.skipTo(partition, start);
  }
  return isExpired ? { kind: 'expired', sinceMs } : 'held';
}

function cursorUnknown(why: string): RequestRefusedError {
  return new RequestRefusedError(
    'cursor_unknown',
    `The cursor is not one of this mesh. ${why}`,
    'Leave the cursor out to start now. GET /v1/calls lists earlier calls.',
  );
}
