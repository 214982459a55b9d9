import { keyDigest, newKeyText, readKeyText } from './key-text.js';

describe('the text of a key', () => {
  it.each([
    ['api', 'mesh_live_'],
    ['publisher', 'meshpub_live_'],
  ] as const)('of the use %s begins with %s and is read back', (use, prefix) => {
    const key = newKeyText(use, 'live');
    expect(key.startsWith(prefix)).toBe(true);
    expect(readKeyText(key)).toEqual({ use, environment: 'live', id: key.split('_')[2] });
  });

  it('differs each time', () => {
    const keys = Array.from({ length: 1_000 }, () => newKeyText('api', 'dev'));
    expect(new Set(keys.map((key) => key.split('_')[2])).size).toBe(1_000);
    expect(new Set(keys.map((key) => key.split('_')[3])).size).toBe(1_000);
  });

  it('uses every digit about equally often', () => {
    const counts = new Map<string, number>();
    for (let made = 0; made < 2_000; made += 1) {
      for (const digit of newKeyText('api', 'dev').split('_')[3]?.slice(0, 40) ?? '') {
        counts.set(digit, (counts.get(digit) ?? 0) + 1);
      }
    }
    const expected = (2_000 * 40) / 62;
    expect(counts.size).toBe(62);
    for (const count of counts.values()) {
      expect(count).toBeGreaterThan(expected * 0.8);
      expect(count).toBeLessThan(expected * 1.2);
    }
  });

  it('is damaged by any other character in any place', () => {
    const key = newKeyText('api', 'live');
    for (let at = 0; at < key.length; at += 1) {
      const other = key[at] === 'x' ? 'y' : 'x';
      expect([at, readKeyText(key.slice(0, at) + other + key.slice(at + 1))]).toEqual([at, undefined]);
    }
  });

  it.each([
    ['an empty text', () => ''],
    ['a truncated key', (key: string) => key.slice(0, -1)],
    ['a longer key', (key: string) => `${key}0`],
    ['two keys', (key: string) => key + key],
    ['a key with a space', (key: string) => ` ${key}`],
    ['a key with a line end', (key: string) => `${key}\n`],
    ['a key in upper case', (key: string) => key.toUpperCase()],
    ['a key with a letter outside ASCII', (key: string) => key.replace('mesh', 'mésh')],
    ['a key with a null character', (key: string) => key.replace('_', '\0')],
    ['another environment', (key: string) => key.replace('_live_', '_prod_')],
    ['ten megabytes', () => 'mesh_'.repeat(2_000_000)],
  ])('is not %s', (_what, change) => {
    expect(readKeyText(change(newKeyText('api', 'live')))).toBeUndefined();
  });

  it('has a digest of 64 hex digits', () => {
    expect(keyDigest('mesh')).toMatch(/^[0-9a-f]{64}$/);
  });
});
