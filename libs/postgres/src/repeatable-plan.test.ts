import { withHeader, type RepeatableMigration } from './migration-files.js';
import { planRepeatable, type AppliedRepeatable } from './repeatable-plan.js';

const file = (name: string, revision: number, needs: string[] = []): RepeatableMigration => ({
  ...withHeader({ name, sql: `-- Revision ${revision}.\n`, digest: `${name} ${revision}` }),
  needs,
});

const applied = (...files: readonly RepeatableMigration[]): Map<string, AppliedRepeatable> =>
  new Map(files.map((known) => [known.name, known]));

const plan = (
  files: readonly RepeatableMigration[],
  known: ReadonlyMap<string, AppliedRepeatable>,
): string[] => planRepeatable(files, known).map(({ name }) => name);

describe('a plan of repeatable migrations', () => {
  it('takes new files and higher revisions, and no others', () => {
    expect(plan([file('a', 1), file('b', 2), file('c', 1)], applied(file('a', 1), file('b', 1)))).toEqual([
      'b',
      'c',
    ]);
  });

  it('includes all files that need a changed one, directly or not', () => {
    const files = [file('type', 2), file('user', 1, ['type']), file('caller', 1, ['user']), file('other', 1)];
    const known = applied(file('type', 1), file('user', 1), file('caller', 1), file('other', 1));
    expect(plan(files, known)).toEqual(['type', 'user', 'caller']);
  });

  it('applies nothing if the database has a higher revision', () => {
    expect(plan([file('a', 1), file('b', 1)], applied(file('a', 2), file('b', 1), file('c', 1)))).toEqual([]);
  });

  it('refuses a change without a new revision', () => {
    const changed = { ...file('a', 3), digest: 'another' };
    expect(() => plan([changed], applied(file('a', 3)))).toThrow(
      'a was changed after its revision 3 had been applied; raise the revision in its first line',
    );
  });

  it('refuses a version that is newer in one file and older in another', () => {
    expect(() => plan([file('a', 1), file('b', 2)], applied(file('a', 2), file('b', 1)))).toThrow(
      'the database has a newer a and an older b than this version',
    );
  });
});
