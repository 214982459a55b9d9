import { z } from 'zod';

import { repeatsAmbiguously } from './pattern-safety.js';

describe('repeatsAmbiguously', () => {
  it.each([
    '(a+)+',
    '(a*)*',
    '^(\\w+\\s?)*$',
    '([a-z]+)*x',
    '(?:(?:a+))+',
    '((ab)*)+',
    '(a|b+)+',
    '(.*)*',
    '(?<name>x+)+',
    '(a{2,})+',
    '(\\p{L}+)*',
    '([^\\]]+)+',
    '(a+){30,}',
    '(?:a+|b)+?c',
  ])('refuses %s', (pattern) => {
    expect(repeatsAmbiguously(pattern)).toBe(true);
  });

  it.each([
    '^[A-Z]{2}$',
    'a+b+c+',
    '([a-z]+\\.)+[a-z]{2,}',
    '(?:/[^/]+)*',
    '(a+)?',
    '(a+){3}',
    '\\(a+\\)+',
    '[(a+)+]',
    '(?=a+)b',
    '^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$',
    '',
  ])('lets %s pass', (pattern) => {
    expect(repeatsAmbiguously(pattern)).toBe(false);
  });

  it('accepts every pattern that zod itself writes', () => {
    const schemas = [
      z.email(),
      z.uuid(),
      z.ipv4(),
      z.ipv6(),
      z.iso.datetime(),
      z.iso.date(),
      z.e164(),
      z.base64(),
      z.ulid(),
    ];
    const patterns = schemas.flatMap((schema) => z.toJSONSchema(schema).pattern ?? []);
    expect(patterns.length).toBeGreaterThan(4);
    expect(patterns.filter(repeatsAmbiguously)).toEqual([]);
  });
});
