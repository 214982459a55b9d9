import type { CallRequest } from '@action-mesh/contracts/gateway';

import { CallRefusedError } from './admission.errors.js';
import { resolveScope } from './scope.js';

type Scoped = Pick<CallRequest, 'scope' | 'agent' | 'idempotency_key'>;

const nowMs = Date.UTC(2026, 0, 1, 12, 34, 56, 789);
const agent = { id: 'a', run_id: 'r1', session_id: 's1' };

function refusalOf(request: Scoped): string | undefined {
  try {
    resolveScope(request, nowMs);
  } catch (error) {
    if (error instanceof CallRefusedError) return error.refusal;
    throw error;
  }
  return undefined;
}

describe('resolveScope', () => {
  it.each<[string, Scoped, string]>([
    ['is the run by default', { agent }, 'run:r1'],
    ['is the run even beside a key', { agent, idempotency_key: 'k' }, 'run:r1'],
    ['is the key without a run', { agent: { id: 'a' }, idempotency_key: 'k' }, 'key:k'],
    ['is the run', { agent, scope: 'run' }, 'run:r1'],
    ['is the session', { agent, scope: 'session' }, 'session:s1'],
    ['is everywhere', { scope: 'global' }, 'global'],
  ])('%s', (_what, request, scope) => expect(resolveScope(request, nowMs)).toBe(scope));

  it.each([
    ['window:10m', 600_000],
    ['window:250ms', 250],
    ['window:3s', 3_000],
    ['window:1h', 3_600_000],
    ['window:1d', 86_400_000],
  ])('counts %s from the epoch, with one result for all times in a window', (scope, windowMs) => {
    const start = Math.floor(nowMs / windowMs) * windowMs;
    expect(resolveScope({ scope }, start)).toBe(`window:${windowMs}:${start / windowMs}`);
    expect(resolveScope({ scope }, start + windowMs - 1)).toBe(resolveScope({ scope }, start));
    expect(resolveScope({ scope }, start + windowMs)).not.toBe(resolveScope({ scope }, start));
  });

  it('writes equal windows equally in every unit', () => {
    expect(resolveScope({ scope: 'window:60s' }, nowMs)).toBe(resolveScope({ scope: 'window:1m' }, nowMs));
  });

  it.each<[string, Scoped]>([
    ['dedupe_scope_missing', {}],
    ['dedupe_scope_missing', { agent: { id: 'a', session_id: 's1' } }],
    ['scope_needs_run_id', { scope: 'run', idempotency_key: 'k' }],
    ['scope_needs_session_id', { scope: 'session', agent: { id: 'a', run_id: 'r1' } }],
    ['invalid_request', { scope: 'window:999999999d' }],
  ])('refuses with %s', (refusal, request) => expect(refusalOf(request)).toBe(refusal));
});
