import { writeSync } from 'node:fs';

/** Every place at which a process can be made to die on purpose: the lines between which its memory and the world differ. */
export const crashPoints = [
  // A new call: nothing is known of it, then the call and its intent are on disk.
  'before_record_commit',
  'after_record_commit',
  // A request: nothing has left, all of it has left, the answer is here and nobody else knows it.
  'before_request',
  'after_request_left',
  'after_response',
  // A transition.
  'before_advance_commit',
  'after_advance_commit',
  // The outbox, as its writer empties it, and as the relay does it for a writer that died.
  'after_publish',
  'before_outbox_delete',
  'relay_after_publish',
  'relay_after_delete',
  // The offset of the record that a call came with.
  'before_offset_commit',
  // A call that waited and is due by the clock.
  'before_wake_commit',
  'after_wake_commit',
  // The same, woken by a record of the retry ladder.
  'ladder_before_wake',
  'ladder_after_wake',
  // Taking over what a dead instance left.
  'before_take_over_commit',
  'after_take_over_commit',
] as const;

export type CrashPoint = (typeof crashPoints)[number];

interface Armed {
  readonly point: CrashPoint;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
  /** How many passings are still let through. */
  remaining: number;
}

let armed: Armed | undefined;

/**
 * Arms one crash point of this process; for the entry points of programs alone. `name#k` kills the process with SIGKILL
 * when it passes the point for the k-th time, `name#k!stop` freezes it there with SIGSTOP. Throws on anything else: a
 * misspelt point would look like a system that survives it.
 */
export function armCrashPoint(text: string | undefined): void {
  if (text === undefined || text === '') return;
  const [, name = '', passing = '1', stop] = /^([a-z_]+)(?:#([1-9]\d{0,5}))?(!stop)?$/.exec(text) ?? [];
  const point = crashPoints.find((known) => known === name);
  if (point === undefined)
    throw new Error(`there is no crash point "${text}"; there are ${crashPoints.join(', ')}`);
  armed = { point, signal: stop === undefined ? 'SIGKILL' : 'SIGSTOP', remaining: Number(passing) - 1 };
}

/** Dies here, if this is the point and the passing that the process was armed for. */
export function crashPoint(point: CrashPoint): void {
  if (armed !== undefined) pass(armed, point);
}

/** The same after this turn of the event loop, when what was written in it has been handed to the system. */
export function crashPointAfterTurn(point: CrashPoint): void {
  if (armed !== undefined) setImmediate(crashPoint, point);
}

function pass(at: Armed, point: CrashPoint): void {
  if (at.point !== point) return;
  at.remaining -= 1;
  if (at.remaining >= 0) return;
  armed = undefined;
  // Synchronous, since nothing that is only queued would be seen any more.
  writeSync(2, `${at.signal} at ${point}\n`);
  process.kill(process.pid, at.signal);
}
