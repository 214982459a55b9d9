import type { FastifyReply, FastifyRequest } from 'fastify';

import type { ExecuteOptions } from '../../application/execute-call.js';
import { principalOf } from './caller-guard.js';
import { readPreferences, type WaitLimits } from './preferences.js';
import { traceOf } from './trace-headers.js';

/** Reads from the headers how a caller waits. The answer names the applied preference. */
export function waitingCaller(
  request: FastifyRequest,
  reply: FastifyReply,
  limits: WaitLimits,
): Required<Omit<ExecuteOptions, 'links' | 'builtIn'>> {
  const { waitMs, applied } = readPreferences(single(request.headers.prefer), limits);
  if (applied !== undefined) void reply.header('preference-applied', applied);
  return {
    caller: principalOf(request),
    trace: traceOf(request),
    waitMs,
    whenGone(stopWaiting) {
      if (reply.raw.destroyed) stopWaiting();
      else reply.raw.once('close', stopWaiting);
    },
  };
}

/** Node joins repeated headers of these names by commas, so the value is never a list. */
export function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
