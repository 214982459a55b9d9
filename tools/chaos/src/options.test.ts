import { chaosOptions } from './options.js';

describe('the options of npm run chaos', () => {
  it('choose exactly one kind of run', () => {
    expect(chaosOptions(['--takeover', '--json'])).toEqual({ kind: 'takeover', json: true });
    expect(chaosOptions(['--matrix', '--only', 'keyed/', '--at-once', '2'])).toMatchObject({
      only: 'keyed/',
      atOnce: 2,
    });
    expect(chaosOptions(['--seed', '7', '--minutes', '0.5'])).toMatchObject({ seed: 7, minutes: 0.5 });
    expect(chaosOptions(['--flood', '--calls', '5000'])).toEqual({
      kind: 'flood',
      json: false,
      calls: 5_000,
    });
    expect(chaosOptions(['--help'])).toBe('help');
  });

  it.each([
    [[]],
    [['--takeover', '--matrix']],
    [['--seed', 'x']],
    [['--seed', '1', '--minutes', '0']],
    [['--flood', '--calls', '0']],
    [['--what']],
  ])('are refused as %j', (args) => {
    expect(() => chaosOptions(args)).toThrow();
  });
});
