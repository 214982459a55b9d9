import { effectProblems } from './effect-rules.js';

describe('effectProblems', () => {
  it.each(['PUT', 'PATCH', 'DELETE'] as const)('refuses a %s that only reads, whoever says so', (method) => {
    expect(effectProblems({ class: 'read' }, method, 'a')).toEqual([
      { pointer: '/effect/class', message: `must not be "read" with ${method}, which changes something` },
    ]);
  });

  it.each([
    ['read', 'GET'],
    ['read', 'POST'],
    ['opaque', 'DELETE'],
    ['idempotent', 'PUT'],
  ] as const)('lets "%s" with %s pass', (effect, method) => {
    expect(effectProblems({ class: effect }, method, 'a')).toEqual([]);
  });
});
