import { proseOf } from './prose.js';

const code = [
  "import { thing } from './what.js';",
  '',
  '/** Whoever calls `what` decides. Three more words. */',
  "export const text = 'what is in a string counts as no prose';",
  '// Nobody reads this.',
].join('\n');

describe('the prose of a file', () => {
  it('is its comments without code between backticks', () => {
    expect(proseOf('a.ts', code)).toEqual([
      {
        kind: 'comments',
        words: 9,
        vague: 2,
        lines: ['/** Whoever calls  decides. Three more words. */', '// Nobody reads this.'],
      },
    ]);
  });

  it('includes the names of tests', () => {
    const [, names] = proseOf(
      'a.test.ts',
      'describe(\'a part\', () => { it("says what it does", () => {}); });',
    );
    expect(names).toMatchObject({ kind: 'test names', words: 6, vague: 1 });
  });

  it('leaves out the fenced blocks of a document', () => {
    const [document] = proseOf('a.md', 'One line.\n\n```sh\nwhat who\n```\n\nSo that it ends.');
    expect(document).toMatchObject({ kind: 'documents', words: 6, vague: 1 });
  });

  it('includes the comments of SQL', () => {
    expect(proseOf('a.sql', 'SELECT 1; -- whose row\n')).toMatchObject([{ words: 2, vague: 1 }]);
  });
});
