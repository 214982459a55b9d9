import type { CallRequest } from '@action-mesh/contracts/gateway';

import { CallRefusedError } from './admission.errors.js';

const msPerUnit: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const window = /^window:(\d+)(ms|s|m|h|d)$/;

/**
 * The range within which equal calls are the same call: `run:<id>`, `session:<id>`, `global`, `window:<ms>:<n>` or
 * `key:<key>`. Without an explicit scope it is the agent's run, else the idempotency key. Without either, the mesh
 * cannot tell a retry from a wanted repetition, so it refuses the request.
 */
export function resolveScope(
  request: Pick<CallRequest, 'scope' | 'agent' | 'idempotency_key'>,
  nowMs: number,
): string {
  const { scope, agent, idempotency_key: key } = request;
  if (scope === undefined) return defaultScope(agent?.run_id, key);
  if (scope === 'global') return scope;
  if (scope === 'run') {
    if (agent?.run_id !== undefined) return `run:${agent.run_id}`;
    throw new CallRefusedError(
      'scope_needs_run_id',
      'The scope is "run", and the request names no run.',
      'Give agent.run_id, or choose another scope.',
      [{ pointer: '/agent/run_id', message: 'is required with the scope "run"' }],
    );
  }
  if (scope === 'session') {
    if (agent?.session_id !== undefined) return `session:${agent.session_id}`;
    throw new CallRefusedError(
      'scope_needs_session_id',
      'The scope is "session", and the request names no session.',
      'Give agent.session_id, or choose another scope.',
      [{ pointer: '/agent/session_id', message: 'is required with the scope "session"' }],
    );
  }
  return windowScope(scope, nowMs);
}

function defaultScope(runId: string | undefined, key: string | undefined): string {
  if (runId !== undefined) return `run:${runId}`;
  if (key !== undefined) return keyScope(key);
  throw new CallRefusedError(
    'dedupe_scope_missing',
    'The request has no scope, run or idempotency key, so a retry looks like a wanted repetition.',
    'Give agent.run_id, or an idempotency key, or a scope ("session", "global", "window:10m").',
  );
}

/** The scope of a call whose idempotency key alone identifies it. */
export function keyScope(key: string): string {
  return `key:${key}`;
}

/** Windows start at the Unix epoch, so every gateway counts the same ones. */
function windowScope(scope: string, nowMs: number): string {
  const [, amount, unit = ''] = window.exec(scope) ?? [];
  const windowMs = Number(amount) * (msPerUnit[unit] ?? Number.NaN);
  if (Number.isSafeInteger(windowMs) && windowMs > 0) {
    return `window:${windowMs}:${Math.floor(nowMs / windowMs)}`;
  }
  throw new CallRefusedError(
    'invalid_request',
    'The window of the scope is too long.',
    'Use a shorter window, or the scope "global".',
    [{ pointer: '/scope', message: 'must be a window of at most 9007199254740991 ms' }],
  );
}
