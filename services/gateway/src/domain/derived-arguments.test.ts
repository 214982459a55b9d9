import { derivedArguments } from './derived-arguments.js';

const done = { arguments: { email: 'a@b.example', tags: ['x'] }, result: { id: 7, 'a/b': null } };

it('takes arguments from what was asked and answered, and from nowhere', () => {
  const compensation = {
    tool: 'undo',
    arguments: {
      id: { from: '/result/id' },
      email: { from: '/arguments/email' },
      tag: { from: '/arguments/tags/0' },
      nothing: { from: '/result/a~1b' },
      reason: { value: { text: 'undone' } },
    },
  };
  expect(derivedArguments(compensation, done)).toEqual({
    id: 7,
    email: 'a@b.example',
    tag: 'x',
    nothing: null,
    reason: { text: 'undone' },
  });
});

it.each([
  '/result/missing',
  '/arguments/tags/1',
  '/result/id/deeper',
  '/arguments/constructor',
  '/result/__proto__',
])('refuses what is not there: %s', (from) => {
  const compensation = { tool: 'undo', arguments: { id: { from } } };
  expect(() => derivedArguments(compensation, done)).toThrow(
    expect.objectContaining({
      refusal: 'not_compensable',
      problems: [{ pointer: from, message: expect.any(String) as string }],
    }) as Error,
  );
});
