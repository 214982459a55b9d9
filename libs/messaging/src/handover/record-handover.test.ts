import type { OutgoingRecord } from '../wire.js';
import { RecordHandover } from './record-handover.js';

function record(topic: string, key = 'k'): OutgoingRecord {
  return { topic, key, value: Buffer.from('{}'), headers: {} };
}

describe('RecordHandover', () => {
  it('tells whether each record was taken, so only copies of taken records wait (M37)', () => {
    const handover = new RecordHandover();
    expect(handover.offer([record('t')])).toBe(false);
    handover.receive('t', ({ key }) => key?.toString() === 'mine');
    expect(handover.offer([record('t', 'mine')])).toBe(true);
    expect(handover.offer([record('t', 'other')])).toBe(false);
    expect(handover.offer([record('t', 'mine'), record('t', 'other')])).toBe(false);
    expect(handover.offer([record('t', 'mine'), record('u', 'mine')])).toBe(false);
  });

  it('offers a record to every receiver of its topic until the receiver stops', () => {
    const handover = new RecordHandover();
    const seen: string[] = [];
    const receiver = (name: string) => (): boolean => {
      seen.push(name);
      return name === 'a';
    };
    const stop = handover.receive('t', receiver('a'));
    handover.receive('t', receiver('b'));
    expect(handover.offer([record('t')])).toBe(true);
    stop();
    expect(handover.offer([record('t')])).toBe(false);
    expect(seen).toEqual(['a', 'b', 'b']);
  });
});
