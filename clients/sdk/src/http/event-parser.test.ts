import { EventParser } from './event-parser.js';

const stream =
  'retry: 2000\n\nid: 1\nevent: progress\ndata: {}\n\n: alive\n\nid: 2\r\nevent: outcome\r\ndata: {"a":\r\ndata: 1}\r\n\r\nid: 3\n\n';
const expected = [
  { id: '1', event: 'progress', data: '{}' },
  { id: '2', event: 'outcome', data: '{"a":\n1}' },
  { id: '3', event: 'message', data: '' },
];

describe('a stream of events', () => {
  it('is read in pieces of any size', () => {
    for (let size = 1; size <= stream.length; size++) {
      const parser = new EventParser();
      const events = [];
      for (let at = 0; at < stream.length; at += size)
        events.push(...parser.push(stream.slice(at, at + size)));
      expect(events).toEqual(expected);
    }
  });

  it('without an end of its event is refused, in linear time', () => {
    const parser = new EventParser();
    const before = process.cpuUsage();
    expect(() => {
      for (let piece = 0; piece < 10_000; piece++) parser.push('x'.repeat(1_000));
    }).toThrow(RangeError);
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  });
});
