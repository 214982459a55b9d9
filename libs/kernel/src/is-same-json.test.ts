import { isSameJson } from './is-same-json.js';

describe('isSameJson', () => {
  it.each<[unknown, unknown, boolean]>([
    [{ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }, true],
    [{ a: 0 }, { a: -0 }, true],
    [Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }, true],
    [undefined, undefined, true],
    [undefined, null, false],
    [null, undefined, false],
    [[1, 2], [2, 1], false],
    [{ a: 1 }, { a: 1, b: null }, false],
    ['1', 1, false],
  ])('%j and %j: %s', (left, right, is) => {
    expect(isSameJson(left, right)).toBe(is);
  });
});
