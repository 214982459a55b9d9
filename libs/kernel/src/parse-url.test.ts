import { parseUrl } from './parse-url.js';

describe('parseUrl', () => {
  it('is the URL, relative to a base where one is given, and nothing where there is none', () => {
    expect(parseUrl('/b', 'https://a.test/x')?.href).toBe('https://a.test/b');
    expect(parseUrl('/b')).toBeUndefined();
  });

  it('reads names beyond ASCII however often it is asked', () => {
    const asked = Array.from({ length: 20_000 }, () => parseUrl('https://bücher.example/')?.host);
    expect(new Set(asked)).toEqual(new Set(['xn--bcher-kva.example']));
  });
});
