import { FakeLoggedOutcome } from './outcome-log.fake.js';
import { OutcomeTape } from './outcome-tape.js';

const record = (partition: number, offset: number): FakeLoggedOutcome =>
  new FakeLoggedOutcome(partition, offset, undefined, 0);

const at =
  (...offsets: number[]) =>
  (partition: number): number =>
    offsets[partition] ?? 0;

describe('the tape of outcomes', () => {
  it('holds everything from its floor on (OT1)', () => {
    const tape = new OutcomeTape({ maxRecords: 3, maxBytes: 1_000 });
    tape.start(
      new Map([
        [0, 5],
        [1, 7],
      ]),
    );
    expect(tape.covers(at(5, 7))).toBe(true);
    expect(tape.covers(at(4, 7))).toBe(false);
    for (const [partition, offset] of [
      [0, 5],
      [1, 7],
      [0, 6],
      [0, 7],
    ] as const)
      tape.push(record(partition, offset));
    // The record 0/5 had to go.
    expect(tape.covers(at(5, 7))).toBe(false);
    expect(tape.covers(at(6, 7))).toBe(true);
    expect(tape.sequenceFrom(at(6, 7), 3)).toBe(tape.firstSequence);
    expect(tape.sequenceFrom(at(7, 8), 1)).toBe(tape.nextSequence - 1);
    expect(tape.at(tape.nextSequence - 1)).toMatchObject({ partition: 0, offset: 7 });
    expect(tape.at(tape.firstSequence - 1)).toBeUndefined();
    expect(tape.at(tape.nextSequence)).toBeUndefined();
  });

  it('stays within its bytes and records, and keeps one record of any size (OT2)', () => {
    const one = record(0, 0).json.length;
    const tape = new OutcomeTape({ maxRecords: 10_000, maxBytes: one * 2 });
    for (let offset = 0; offset < 5_000; offset += 1) tape.push(record(0, offset));
    expect(tape.nextSequence - tape.firstSequence).toBe(2);
    const tiny = new OutcomeTape({ maxRecords: 10, maxBytes: 1 });
    tiny.push(record(0, 0));
    tiny.push(record(0, 1));
    expect(tiny.at(tiny.firstSequence)).toMatchObject({ offset: 1 });
  });
});
