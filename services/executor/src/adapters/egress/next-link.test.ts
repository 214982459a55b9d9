import { nextLinkQuery } from './next-link.js';

const url = 'https://api.example/items?page=1';
const read = (link: string | string[]): string | undefined => nextLinkQuery({ link }, url);

describe('the link to the next page', () => {
  it.each([
    [
      '<https://api.example/items?page=2&per_page=30>; rel="next", <https://api.example/items?page=9>; rel="last"',
      'page=2&per_page=30',
    ],
    [
      '<https://api.example/items?page=1>; rel="prev", <https://api.example/items?page=3>; rel="next"',
      'page=3',
    ],
    ['</items?after=a,b;c>;title="x";REL=Next', 'after=a,b;c'],
    ['<?cursor=x>; rel="last next"', 'cursor=x'],
  ])('is found in %s', (link, query) => {
    expect(read(link)).toBe(query);
    expect(read(['<https://api.example/>; rel=first', link])).toBe(query);
  });

  it.each([
    '',
    '<https://api.example/items?page=2>',
    '<https://api.example/items?page=2>; rel="nextish"',
    '<https://api.example/items?page=2>; rel=first; rel=next',
    '<https://api.example/items>; rel=next',
    '<https://api.example/items?page=2; rel=next',
    '<http://[>; rel=next',
  ])('is absent in %j', (link) => {
    expect(read(link)).toBeUndefined();
  });

  it('takes time in proportion to the header', () => {
    for (const link of ['<'.repeat(1_000_000), '<>;'.repeat(300_000), '<a>' + ';rel'.repeat(250_000)]) {
      const before = process.cpuUsage();
      expect(read(link)).toBeUndefined();
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1_000).toBeLessThan(1_000);
    }
  });
});
