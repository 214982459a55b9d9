import { defined } from './defined.js';

interface Wait {
  readonly reason: string;
  readonly untilMs?: number;
  readonly scope?: string | null;
}

describe('defined', () => {
  it('leaves out members that are undefined', () => {
    const [untilMs, scope] = [undefined as number | undefined, 'tenant' as string | undefined];
    const wait: Wait = { reason: 'full', ...defined({ untilMs, scope }) };
    expect(Object.entries(wait)).toEqual([
      ['reason', 'full'],
      ['scope', 'tenant'],
    ]);
  });

  it('keeps null, false, zero and the empty text', () => {
    const members = { a: null, b: false, c: 0, d: '' };
    expect(defined(members)).toEqual(members);
  });

  it('does not undo what an object had before', () => {
    const untilMs = undefined as number | undefined;
    expect({ untilMs: 5, ...defined({ untilMs }) }).toEqual({ untilMs: 5 });
  });

  it('keeps the type of a member that always has a value', () => {
    const wait: Wait = defined({ reason: 'full', untilMs: undefined as number | undefined });
    expect(wait).toEqual({ reason: 'full' });
  });
});
