import { schemaProblems } from './schema-problems.js';

describe('schemaProblems', () => {
  it('gives the place as a valid pointer for any member name', () => {
    const issues = [
      { path: ['a/b', 0], message: 'must be a string' },
      { path: [], message: 'must not be empty' },
    ];
    expect(schemaProblems(issues, '/arguments')).toEqual([
      { pointer: '/arguments/a~1b/0', message: 'must be a string' },
      { pointer: '/arguments', message: 'must not be empty' },
    ]);
  });

  it('gives at most 50 problems', () => {
    const issues = Array.from({ length: 1_000 }, (_, index) => ({ path: [index], message: 'is wrong' }));
    expect(schemaProblems(issues)).toHaveLength(50);
  });
});
