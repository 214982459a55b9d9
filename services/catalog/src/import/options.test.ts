import { importCommand, importHelp } from './options.js';

describe('the words of the command', () => {
  it('name one document and what is wanted of it', () => {
    const words = [
      'spec.json',
      '--select',
      'tag:a',
      '--select',
      'b/*',
      '--toolkit',
      'acme',
      '--base-url',
      'https://a.test',
      '--dry-run',
      '--json',
    ];
    expect(importCommand(words)).toEqual({
      kind: 'import',
      source: 'spec.json',
      select: ['tag:a', 'b/*'],
      toolkit: 'acme',
      baseUrl: 'https://a.test',
      dryRun: true,
      json: true,
    });
    expect(importCommand(['spec.json'])).toEqual({
      kind: 'import',
      source: 'spec.json',
      select: [],
      dryRun: false,
      json: false,
    });
    expect(importCommand(['--help'])).toEqual({ kind: 'help' });
  });

  it.each([[[]], [['a', 'b']], [['']], [['a', '--nonsense']], [['a', '--toolkit']]])(
    '%j are refused',
    (words) => {
      expect(() => importCommand(words)).toThrow();
    },
  );

  it('are all explained', () => {
    for (const option of ['--select', '--toolkit', '--base-url', '--dry-run', '--json', '--help']) {
      expect(importHelp).toContain(`  ${option}`);
    }
  });
});
