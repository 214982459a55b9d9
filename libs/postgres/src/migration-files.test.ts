import { inOrderOfNeed, withHeader, type RepeatableMigration } from './migration-files.js';

const parse = (sql: string, name = 'functions/it.sql'): RepeatableMigration =>
  withHeader({ name, sql, digest: '' });

describe('the header of a repeatable migration', () => {
  it('holds the revision and the needed files', () => {
    expect(parse('-- Revision 12.\n-- Needs a.sql, b-c.sql.\n\nSELECT')).toMatchObject({
      revision: 12,
      needs: ['functions/a.sql', 'functions/b-c.sql'],
    });
    expect(parse('-- Revision 1.\n\n-- Needs nobody.\n')).toMatchObject({ revision: 1, needs: [] });
  });

  it.each(['CREATE FUNCTION', '\n-- Revision 1.\n', '-- Revision 0.\n', '-- revision 1\n'])(
    'is required when the file begins with %j',
    (sql) => {
      expect(() => parse(sql)).toThrow('functions/it.sql has no revision');
    },
  );
});

describe('the order of repeatable migrations', () => {
  const file = (name: string, ...needs: string[]): RepeatableMigration =>
    parse(
      `-- Revision 1.\n${needs.length === 0 ? '' : `-- Needs ${needs.join(', ')}.\n`}`,
      `functions/${name}`,
    );
  const names = (files: readonly RepeatableMigration[]): string[] =>
    inOrderOfNeed(files).map(({ name }) => name.replace('functions/', ''));

  it('puts a file after the files that it needs, and otherwise sorts by name', () => {
    expect(names([file('a.sql', 'c.sql'), file('b.sql'), file('c.sql', 'd.sql'), file('d.sql')])).toEqual([
      'd.sql',
      'c.sql',
      'a.sql',
      'b.sql',
    ]);
  });

  it('refuses a circle', () => {
    expect(() => names([file('a.sql', 'b.sql'), file('b.sql', 'a.sql')])).toThrow(
      'functions/a.sql needs functions/b.sql needs functions/a.sql; put them into one file',
    );
  });

  it('refuses a needed file that is missing', () => {
    expect(() => names([file('a.sql', 'z.sql')])).toThrow(
      'functions/a.sql needs z.sql, and there is no such file beside it',
    );
  });
});
