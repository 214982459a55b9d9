import { parseUrl } from './parse-url.js';

describe('parseUrl', () => {
  it('returns the URL, relative to a given base, and undefined for a text that is no URL', () => {
    expect(parseUrl('/b', 'https://a.test/x')?.href).toBe('https://a.test/b');
    expect(parseUrl('/b')).toBeUndefined();
  });

  it('reads names beyond ASCII in every one of many calls', () => {
    const asked = Array.from({ length: 20_000 }, () => parseUrl('https://bücher.example/')?.host);
    expect(new Set(asked)).toEqual(new Set(['xn--bcher-kva.example']));
  });
});
