import fc from 'fast-check';

import {
  compareToolkitVersions,
  compareVersions,
  latestVersion,
  majorVersion,
  parseVersion,
  type Version,
} from './version.js';

const ordered = [
  '0.9.0',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.1',
  '1.2.0',
  '1.10.0',
  '2.0.0',
];

describe('parseVersion', () => {
  it('reads the parts', () => {
    expect(parseVersion('1.20.3-rc.1')).toEqual({ major: 1, minor: 20, patch: 3, prerelease: ['rc', '1'] });
  });

  it.each([
    '',
    '1',
    '1.0',
    'v1.0.0',
    '01.0.0',
    '1.0.0-',
    '1.0.0-01',
    '1.0.0+build',
    '1.0.0-a..b',
    ' 1.0.0',
    '1.0.0\n',
  ])('refuses %j', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  it('never confuses two different numbers', () => {
    expect(parseVersion('9007199254740993.0.0')).toBeUndefined();
  });
});

describe('majorVersion', () => {
  it('is the first number', () => {
    expect(majorVersion('12.3.4-beta')).toBe(12);
  });

  it('throws for an invalid version', () => {
    expect(() => majorVersion('latest')).toThrow(RangeError);
  });
});

describe('compareVersions', () => {
  const parse = (text: string): Version => {
    const version = parseVersion(text);
    if (version === undefined) throw new Error(`${text} is not a version`);
    return version;
  };

  it('follows semver precedence from any start order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ordered), (shuffled) => {
        const sorted = [...shuffled].sort((left, right) => compareVersions(parse(left), parse(right)));
        expect(sorted).toEqual(ordered.filter((text) => shuffled.includes(text)));
      }),
    );
  });
});

describe('latestVersion', () => {
  it('is the newest stable version, even if pre-releases are newer', () => {
    expect(latestVersion(['1.9.0', '1.10.0', '2.0.0-rc.1', '1.2.0'])).toBe('1.10.0');
  });

  it('is undefined if no version is stable', () => {
    expect(latestVersion(['1.0.0-rc.1'])).toBeUndefined();
    expect(latestVersion([])).toBeUndefined();
  });

  it('skips texts that are no versions', () => {
    expect(latestVersion(['latest', '1.0.0'])).toBe('1.0.0');
  });
});

describe('compareToolkitVersions', () => {
  it('orders by day, and by number within a day', () => {
    const dates = ['2026-11-25.10', '2026-11-25', '2026-02-01.3', '2026-11-25.9', '2026-11-25.2'];
    expect(dates.sort(compareToolkitVersions)).toEqual([
      '2026-02-01.3',
      '2026-11-25',
      '2026-11-25.2',
      '2026-11-25.9',
      '2026-11-25.10',
    ]);
  });
});
