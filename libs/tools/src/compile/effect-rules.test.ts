import { effectContradiction } from './effect-rules.js';

describe('effectContradiction', () => {
  it.each(['PUT', 'PATCH', 'DELETE'] as const)('refuses a %s that only reads, whoever says so', (method) => {
    expect(effectContradiction('read', method)).toContain(method);
  });

  it.each([
    ['read', 'GET'],
    ['read', 'POST'],
    ['opaque', 'DELETE'],
    ['idempotent', 'PUT'],
  ] as const)('lets "%s" with %s pass', (effect, method) => {
    expect(effectContradiction(effect, method)).toBeUndefined();
  });
});
