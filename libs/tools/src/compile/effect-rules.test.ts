import { effectProblems } from './effect-rules.js';

describe('effectProblems', () => {
  it.each(['PUT', 'PATCH', 'DELETE'] as const)(
    'refuses effect class read for a %s, from any source',
    (method) => {
      expect(effectProblems({ class: 'read' }, { method }, 'a')).toEqual([
        { pointer: '/effect/class', message: `must not be "read" with ${method}, which changes something` },
      ]);
    },
  );

  it.each([
    ['read', 'GET'],
    ['read', 'POST'],
    ['opaque', 'DELETE'],
    ['idempotent', 'PUT'],
  ] as const)('lets "%s" with %s pass', (effect, method) => {
    expect(effectProblems({ class: effect }, { method }, 'a')).toEqual([]);
  });

  const inBody = {
    class: 'probeable',
    probe: 'b',
    settleMs: 0,
    reference: { in: 'body', name: 'reference' },
    argument: 'reference',
    found: '',
  } as const;

  it.each([
    [{ encoding: 'form' } as const, 'if the body is not JSON'],
    [{ encoding: 'json', argument: 'order' } as const, 'if one argument is the whole body'],
  ])('refuses a reference in the body %j, which accepts no further member', (body, where) => {
    expect(effectProblems(inBody, { method: 'POST', body }, 'a')).toEqual([
      { pointer: '/effect/reference/in', message: `must not be "body" ${where}` },
    ]);
  });

  it('refuses a reference in the body of a DELETE only if the DELETE has no body', () => {
    expect(effectProblems(inBody, { method: 'DELETE' }, 'a')).toEqual([
      { pointer: '/effect/reference/in', message: 'must not be "body" with DELETE, which has none' },
    ]);
    expect(effectProblems(inBody, { method: 'DELETE', body: { encoding: 'json' } }, 'a')).toEqual([]);
    expect(effectProblems(inBody, { method: 'DELETE', body: { encoding: 'form' } }, 'a')).toHaveLength(1);
  });

  it.each([undefined, { encoding: 'json', under: 'variables' } as const])(
    'accepts a reference as one more member of the body %j',
    (body) => {
      expect(effectProblems(inBody, { method: 'POST', body }, 'a')).toEqual([]);
    },
  );
});
