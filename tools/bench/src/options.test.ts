import { benchOptions, sectionNames } from './options.js';

function optionsOf(...args: readonly string[]) {
  const options = benchOptions(args);
  if (options === 'help') throw new Error('these words ask for help');
  return options;
}

describe('the options of the bench', () => {
  it('measure all sections with a million calls by default', () => {
    const { scale, sections, growthRows, json } = optionsOf();
    expect({ scale, growthRows, json }).toEqual({ scale: 1, growthRows: 1_000_000, json: false });
    expect([...sections]).toEqual([...sectionNames]);
  });

  it('choose one section, or all but growth', () => {
    expect([...optionsOf('--only', 'idle').sections]).toEqual(['idle']);
    expect(optionsOf('--no-growth').sections.has('growth')).toBe(false);
    expect(optionsOf('--growth', '10m').growthRows).toBe(10_000_000);
  });

  it.each([[['--scale', '0']], [['--only', 'nothing']], [['--growth', '1k']], [['--fast']]])(
    'refuse %j',
    (args) => {
      expect(() => benchOptions(args)).toThrow();
    },
  );
});
