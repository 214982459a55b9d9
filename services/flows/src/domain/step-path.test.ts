import { itemScope, longestPath, stepPath, undoPath } from './step-path.js';

it('joins names by their scopes', () => {
  expect(stepPath(itemScope('', 'items', 'lead/17]'), 'update')).toBe('items[lead_17_]/update');
  expect(undoPath('a/b')).toBe('~undo/a/b');
});

it.each(['~undo', '', 'a/b', 'a[b', ' a', 'x'.repeat(101), '\u0000', '\ud800'])(
  'refuses the name %j',
  (name) => {
    expect(() => stepPath('', name)).toThrow('the name of a step');
  },
);

it('shortens long paths to different ones that JSON and PostgreSQL can hold', () => {
  const paths = ['a', 'b'].map((end) =>
    itemScope('', 'items', `${'\u{1f600}'.repeat(200)}\ud800\u0000${end}`),
  );
  expect(new Set(paths).size).toBe(2);
  for (const path of paths) {
    expect(path.length).toBeLessThanOrEqual(longestPath);
    expect(/[\p{Surrogate}\p{Cc}]/u.test(path)).toBe(false);
  }
});
