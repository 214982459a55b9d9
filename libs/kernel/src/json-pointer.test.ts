import { jsonPointer } from './json-pointer.js';

describe('jsonPointer', () => {
  // The pairs of RFC 6901 section 5, from path to pointer.
  it.each<[(string | number)[], string]>([
    [[], ''],
    [['foo'], '/foo'],
    [['foo', 0], '/foo/0'],
    [[''], '/'],
    [['a/b'], '/a~1b'],
    [['m~n'], '/m~0n'],
    [['~1'], '/~01'],
    [[' ', 'k"l', 'i\\j'], '/ /k"l/i\\j'],
  ])('%j is %j', (path, pointer) => {
    expect(jsonPointer(path)).toBe(pointer);
  });

  it('can always be written into JSON again', () => {
    expect(jsonPointer(['a\ud800b', '😀'])).toBe('/a\ufffdb/😀');
  });
});
