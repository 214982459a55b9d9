import { schemaProblems } from './schema-problems.js';

describe('schemaProblems', () => {
  it('says where, in pointers that hold whatever the name is', () => {
    const issues = [
      { path: ['a/b', 0], message: 'must be a string' },
      { path: [], message: 'must not be empty' },
    ];
    expect(schemaProblems(issues, '/arguments')).toEqual([
      { pointer: '/arguments/a~1b/0', message: 'must be a string' },
      { pointer: '/arguments', message: 'must not be empty' },
    ]);
  });

  it('says no more than anybody reads', () => {
    const issues = Array.from({ length: 1_000 }, (_, index) => ({ path: [index], message: 'is wrong' }));
    expect(schemaProblems(issues)).toHaveLength(50);
  });
});
