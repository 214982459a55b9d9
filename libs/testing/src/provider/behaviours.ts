import type { Behaviour, SimulatedMode } from './oracle.js';
import type { ReceivedRequest } from './received-request.js';

/** The kind of an endpoint, independent of its faults. */
export type EndpointKind = Extract<SimulatedMode, { mode: 'keyed' | 'probeable' | 'opaque' | 'read' }>;
export type SimulatedFault = Exclude<SimulatedMode, EndpointKind | { mode: 'authorized' }>;

interface Installed {
  readonly behaviour: Behaviour;
  remaining: number;
  windowStart: number;
  inWindow: number;
}

const noFault: SimulatedFault = { mode: 'ok' };

/**
 * Selects the behaviours for a request. Kind and fault are selected separately, so a `keyed` endpoint stays keyed while
 * it answers 500. A fault in the request itself, in `x-sim-*` headers or top-level body fields, wins.
 */
export class Behaviours {
  #installed: Installed[] = [];

  add(behaviour: Behaviour): void {
    const remaining = behaviour.times ?? Number.POSITIVE_INFINITY;
    this.#installed.unshift({ behaviour, remaining, windowStart: Number.NEGATIVE_INFINITY, inWindow: 0 });
  }

  clear(): void {
    this.#installed = [];
  }

  /** The address that knows the tokens of this endpoint. Undefined: it takes every request. */
  checkUrlFor(request: ReceivedRequest): string | undefined {
    for (const { behaviour } of this.#installed) {
      if (behaviour.mode === 'authorized' && matches(behaviour, request)) return behaviour.checkUrl;
    }
    return undefined;
  }

  kindFor(request: ReceivedRequest, fallback: EndpointKind): EndpointKind {
    for (const { behaviour } of this.#installed) {
      if (isKind(behaviour) && matches(behaviour, request)) return behaviour;
    }
    return fallback;
  }

  /**
   * Selects the fault and uses up one of its `times`. `seenBefore` is the number of earlier requests under the same
   * effect key.
   */
  faultFor(request: ReceivedRequest, seenBefore: number, nowMs: number): SimulatedFault {
    const own = faultInRequest(request, seenBefore);
    if (own !== undefined) return own;
    for (const installed of this.#installed) {
      const { behaviour } = installed;
      if (isKind(behaviour) || behaviour.mode === 'authorized') continue;
      if (installed.remaining <= 0 || !matches(behaviour, request)) continue;
      installed.remaining -= 1;
      return behaviour.mode === 'rate-limit' ? limited(installed, behaviour, nowMs) : behaviour;
    }
    return noFault;
  }
}

function isKind<Mode extends SimulatedMode>(mode: Mode): mode is Extract<Mode, EndpointKind> {
  return mode.mode === 'keyed' || mode.mode === 'probeable' || mode.mode === 'opaque' || mode.mode === 'read';
}

function matches({ match }: Behaviour, request: ReceivedRequest): boolean {
  return (
    (match.path === undefined || request.path.startsWith(match.path)) &&
    (match.method === undefined || match.method === request.method) &&
    (match.key === undefined || match.key === request.key)
  );
}

function limited(
  state: Installed,
  limit: { limit: number; windowMs: number },
  nowMs: number,
): SimulatedFault {
  if (nowMs - state.windowStart >= limit.windowMs) {
    state.windowStart = nowMs;
    state.inWindow = 0;
  }
  state.inWindow += 1;
  if (state.inWindow <= limit.limit) return noFault;
  const waitSeconds = Math.max(1, Math.ceil((state.windowStart + limit.windowMs - nowMs) / 1000));
  return { mode: 'status', status: 429, headers: { 'retry-after': String(waitSeconds) } };
}

/**
 * Reads the fault in a request: `x-sim-mode` with `x-sim-ms`, `x-sim-status`, `x-sim-retry-after`, `x-sim-effect`,
 * `x-sim-reset`. `x-sim-times: n` limits it to the first n requests of a key.
 */
function faultInRequest(request: ReceivedRequest, seenBefore: number): SimulatedFault | undefined {
  const inBody = request.header('x-sim-mode') === undefined && request.bytes.includes('"x-sim-mode"');
  const read = (name: string): string | undefined => {
    const value = inBody ? request.field(`x-sim-${name}`) : request.header(`x-sim-${name}`);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;
  };
  const mode = read('mode');
  if (mode === undefined || seenBefore >= Number(read('times') ?? Number.POSITIVE_INFINITY)) return undefined;
  const effect = read('effect') === undefined ? {} : { effect: read('effect') === 'true' };
  const reset = read('reset') === undefined ? {} : { reset: read('reset') === 'true' };
  switch (mode) {
    case 'ok':
      return { mode };
    case 'delay':
      return { mode, ms: Number(read('ms') ?? 0) };
    case 'status': {
      const retryAfter = read('retry-after');
      const headers = retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } };
      return { mode, status: Number(read('status') ?? 500), ...headers, ...effect };
    }
    case 'error-after-effect':
      return { mode, status: Number(read('status') ?? 500) };
    case 'close-before-response':
    case 'close-mid-body':
      return { mode, ...effect, ...reset };
    case 'hang':
      return { mode, ...effect };
    default:
      return { mode: 'status', status: 400, body: { error: 'unknown_x_sim_mode' } };
  }
}
