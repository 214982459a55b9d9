import { isId, newId } from './ids.js';

describe('newId', () => {
  it('is an id', () => {
    expect(isId(newId())).toBe(true);
  });

  it('is unique and later than all earlier ids, even within a millisecond', () => {
    const ids = Array.from({ length: 20_000 }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });

  it('begins with its creation time', () => {
    const before = Date.now();
    const stamp = Number.parseInt(newId().replace('-', '').slice(0, 12), 16);
    expect(stamp).toBeGreaterThanOrEqual(before);
    // The sequence within one millisecond may run into the next.
    expect(stamp).toBeLessThanOrEqual(Date.now() + 1);
  });
});

describe('isId', () => {
  const id = '019a8c5e-7d2f-7a3b-9c4d-5e6f708192a3';

  it('recognizes an id', () => {
    expect(isId(id)).toBe(true);
  });

  it.each([
    ['upper case', id.toUpperCase()],
    ['another version', '9f0c2b4e-1a2b-4c3d-8e4f-5a6b7c8d9e0f'],
    ['another variant', '019a8c5e-7d2f-7a3b-cc4d-5e6f708192a3'],
    ['no dashes', id.replaceAll('-', '')],
    ['braces', `{${id}}`],
    ['space', ` ${id}`],
    ['a line end', `${id}\n`],
    ['the nil UUID', '00000000-0000-0000-0000-000000000000'],
    ['the max UUID', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(isId(text)).toBe(false);
  });
});
