/**
 * A preload (`node --import`). Sends `signal` to its own process when the code passes the diagnostic point `channel`
 * for the `passing`-th time. Prints both before. A process frozen with SIGSTOP continues from there, once. With `unless`,
 * a pass counts only while that file does not exist, and the process makes it: of several, one crashes.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { closeSync, openSync, writeSync } from 'node:fs';

const { searchParams } = new URL(import.meta.url);
const channel = searchParams.get('channel') ?? '';
const signal = searchParams.get('signal') ?? '';
const unless = searchParams.get('unless');
let remaining = Number(searchParams.get('passing') ?? Number.NaN);

// With a point that never fires, the test would pass without a crash.
if (channel === '' || !['SIGKILL', 'SIGSTOP'].includes(signal) || !(remaining >= 1))
  throw new Error(
    `${import.meta.url}: "channel", "passing" and "signal" must say where, when and how to crash`,
  );

subscribe(channel, function crash() {
  if (unless !== null && !isFirst(unless)) return;
  remaining -= 1;
  if (remaining > 0) return;
  unsubscribe(channel, crash);
  // Synchronous: the process gets no chance to flush a stream.
  writeSync(2, `${signal} at ${channel}\n`);
  process.kill(process.pid, signal);
});

/** Makes the file, unless it exists. Two processes cannot both make it. */
function isFirst(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx'));
    return true;
  } catch {
    return false;
  }
}
