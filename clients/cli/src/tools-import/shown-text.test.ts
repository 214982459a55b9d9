import { printable, printableJson, withoutCredentials } from './shown-text.js';

describe('an address that is shown', () => {
  it.each([
    ['https://a.test/x?token=secret', 'https://a.test/x'],
    ['https://user:secret@a.test/x', 'https://a.test/x'],
    ['https://secret@a.test/x#secret', 'https://a.test/x'],
    [' HTTPS://user:secret@a.test', 'https://a.test/'],
    ['http:/user:secret@a.test/', 'http://a.test/'],
    ['ftp://user:secret@a.test/', 'ftp://a.test/'],
    ['https://user:secret@[/?secret', 'an address that is no URL'],
  ])('%s has no credentials', (source, shown) => {
    expect(withoutCredentials(source)).toBe(shown);
  });

  it.each(['./a?b#c.json', '/srv/a.json', 'C:/a?.json', 'a:b', ''])('%s is a file, and stays', (source) => {
    expect(withoutCredentials(source)).toBe(source);
  });
});

describe('a text that is shown', () => {
  const evil = 'a\u001b[2J\u009b\u007f\r\n\u2028\u202e\u2066b';

  it('has no control character for a terminal', () => {
    expect(printable(evil)).toBe('a\ufffd[2J\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdb');
    expect(printable('Grüße 日本 🎉')).toBe('Grüße 日本 🎉');
  });

  it('is the same value as JSON', () => {
    const text = printableJson({ [evil]: evil });
    expect(text).toMatch(/^[ -~]*$/);
    expect(JSON.parse(text)).toEqual({ [evil]: evil });
  });
});
