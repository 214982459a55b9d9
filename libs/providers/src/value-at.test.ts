import { textAt, valueAt } from './value-at.js';

const document = { a: { 'b/c': [{ 'd~e': 1 }, 'x'] }, empty: '', big: 2 ** 60, flag: true };

describe('the value at a pointer', () => {
  it.each([
    ['', document],
    ['/a/b~1c/0/d~0e', 1],
    ['/a/b~1c/1', 'x'],
  ])('%s is found', (pointer, value) => {
    expect(valueAt(pointer, document)).toEqual(value);
  });

  it.each([
    '/b',
    '/a/b~1c/2',
    '/a/b~1c/length',
    '/a/b~1c/00',
    '/a/b~1c/1/0',
    '/__proto__',
    '/constructor/name',
  ])('%s is undefined, because no own member is there', (pointer) => {
    expect(valueAt(pointer, document)).toBeUndefined();
  });

  it('is a text for a text and an exact number alone', () => {
    expect(textAt('/a/b~1c/0/d~0e', document)).toBe('1');
    expect(textAt('/empty', document)).toBeUndefined();
    expect(textAt('/big', document)).toBeUndefined();
    expect(textAt('/flag', document)).toBeUndefined();
    expect(textAt('/a', document)).toBeUndefined();
  });
});
