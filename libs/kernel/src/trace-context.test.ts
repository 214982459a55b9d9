import fc from 'fast-check';
import { childSpan, formatTraceparent, parseTraceparent } from './trace-context.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const header = `00-${traceId}-${spanId}-01`;

describe('parseTraceparent', () => {
  it.each([
    ['a sampled context', header, { traceId, spanId, sampled: true }],
    ['one that is not sampled', `00-${traceId}-${spanId}-00`, { traceId, spanId, sampled: false }],
    [
      'flags of which only the first is known',
      `00-${traceId}-${spanId}-fe`,
      { traceId, spanId, sampled: false },
    ],
    ['a later version', `01-${traceId}-${spanId}-03`, { traceId, spanId, sampled: true }],
    ['a later version that says more', `cc-${traceId}-${spanId}-01-what`, { traceId, spanId, sampled: true }],
  ])('reads %s', (_, text, context) => {
    expect(parseTraceparent(text)).toStrictEqual(context);
  });

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['upper case', header.toUpperCase()],
    ['version ff', `ff-${traceId}-${spanId}-01`],
    ['version 00 with more', `${header}-what`],
    ['a later version with more that is not set apart', `01-${traceId}-${spanId}-01what`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a span id of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['a short trace id', `00-${traceId.slice(1)}-${spanId}-01`],
    ['a missing flag', `00-${traceId}-${spanId}`],
    ['a long flag', `00-${traceId}-${spanId}-011`],
    ['space around', ` ${header} `],
    ['a line end', `${header}\n`],
  ])('ignores %s', (_, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });

  it('carries the state of vendors unchanged', () => {
    expect(parseTraceparent(header, 'rojo=00f0,congo=t61')?.state).toBe('rojo=00f0,congo=t61');
    expect(parseTraceparent(header, 'a='.padEnd(512, 'x'))?.state).toHaveLength(512);
  });

  it.each([
    ['empty', ''],
    ['too long to travel with every record', 'a='.padEnd(513, 'x')],
    ['able to break a header', 'a=1\r\nx-injected: 1'],
    ['beyond ASCII', 'a=é'],
  ])('drops a state that is %s, and keeps the context', (_, state) => {
    expect(parseTraceparent(header, state)).toStrictEqual({ traceId, spanId, sampled: true });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, state) => parseTraceparent(text, state) === undefined),
      { numRuns: 1000 },
    );
  });
});

describe('childSpan', () => {
  it('stays in the trace of its parent, with its flag and state, under a span id of its own', () => {
    const parent = { traceId, spanId, sampled: false, state: 'a=1' };
    const child = childSpan(parent);
    expect(child).toStrictEqual({ ...parent, spanId: expect.stringMatching(/^[0-9a-f]{16}$/) as string });
    expect(child.spanId).not.toBe(spanId);
  });

  it('begins a sampled trace without a parent', () => {
    const root = childSpan();
    expect(root.sampled).toBe(true);
    expect(parseTraceparent(formatTraceparent(root))).toStrictEqual(root);
    expect(childSpan().traceId).not.toBe(root.traceId);
  });
});

it('reads back what formatTraceparent wrote', () => {
  for (const sampled of [true, false]) {
    const context = { traceId, spanId, sampled };
    expect(parseTraceparent(formatTraceparent(context))).toStrictEqual(context);
  }
});
