import { createHash } from 'node:crypto';

import { longestRecordedBody, type RecordedAdministration } from '@action-mesh/contracts/audit';
import type { KeyScope } from '@action-mesh/contracts/auth-broker';
import { routes, type Route } from '@action-mesh/contracts/gateway';
import { newId, type Clock, type TraceContext } from '@action-mesh/kernel';
import { redactJson, redactText, traceFields, type Logger } from '@action-mesh/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { principalOf } from './caller-guard.js';
import { routeOf } from './route-table.js';
import { traceOf } from './trace-headers.js';

/** The record of acts. Rejects with `MeshUnavailableError` within a bounded time without confirmation. */
export interface AdministrationLog {
  administrationRecorded(act: RecordedAdministration, trace: TraceContext): Promise<void>;
}

export interface AdministrationRecordParts {
  readonly log: AdministrationLog;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Pick<Logger, 'error'>;
}

/** The longest body that is redacted. UTF-8 has up to four bytes for a character. */
const mostRedactedBytes = 4 * longestRecordedBody;

interface Act {
  readonly intent: RecordedAdministration;
  readonly trace: TraceContext;
  problem?: string;
}

type Acting = FastifyRequest & { administration?: Act };

const nameOfRoute: ReadonlyMap<Route, string> = new Map(
  Object.entries(routes).map(([name, route]) => [route as Route, name]),
);

/** Scopes with routes that are acts of administration, beside those that end in `:admin`. */
const furtherScopes: ReadonlySet<string> = new Set(['approvals:decide', 'connections:write']);

/** Whether the use of a route is recorded: it changes something, and its scope is one of administration. */
export function isAdministrative({ method, scope }: Pick<Route, 'method' | 'scope'>): boolean {
  return method !== 'GET' && (scope.endsWith(':admin') || furtherScopes.has(scope));
}

/**
 * Records acts at administrative routes.
 *
 * - EX1: an act begins when Kafka has its intent. Without it, the answer is 503 and nothing happens.
 * - EX2: the result follows the answer. An intent without a result says that the act may have happened.
 * - EX3: a record holds no secret of the request: members by name, and texts by form. The record of an erasure does not hold
 *   the name of the user.
 */
export function recordAdministration(fastify: FastifyInstance, parts: AdministrationRecordParts): void {
  const { log, clock, logger } = parts;
  fastify.decorateRequest('administration');
  fastify.addHook('preHandler', async (request) => {
    const route = routeOf(request);
    if (route === undefined || route.scope === 'open' || !isAdministrative(route)) return;
    const act: Act = {
      intent: intentOf(request, route, route.scope, clock.now()),
      trace: traceOf(request),
    };
    await log.administrationRecorded(act.intent, act.trace);
    (request as Acting).administration = act;
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const { administration: act } = request as Acting;
    const problem = act !== undefined && reply.statusCode >= 400 ? problemCode(payload) : undefined;
    if (act !== undefined && problem !== undefined) act.problem = problem;
    done(null, payload);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    done();
    const { administration: act } = request as Acting;
    if (act === undefined) return;
    const result: RecordedAdministration = {
      ...act.intent,
      phase: 'result',
      status: reply.statusCode,
      ...(act.problem === undefined ? {} : { problem: act.problem }),
      at: new Date(clock.now()).toISOString(),
    };
    log.administrationRecorded(result, act.trace).catch((err: unknown) => {
      logger.error(
        { err, act_id: result.act_id, ...traceFields(act.trace) },
        'the result of an administrative act could not be recorded',
      );
    });
  });
}

function intentOf(
  request: FastifyRequest,
  route: Route,
  scope: KeyScope,
  nowMs: number,
): RecordedAdministration {
  const { tenantId, keyId, holder } = principalOf(request);
  const body = bodyOf(request.body);
  return {
    act_id: newId(),
    phase: 'intent',
    tenant_id: tenantId,
    ...(keyId === undefined ? {} : { key_id: keyId }),
    holder,
    route: nameOfRoute.get(route) ?? 'unknown',
    scope,
    method: route.method as RecordedAdministration['method'],
    target: targetOf(request, route),
    ...(body === undefined ? {} : { body }),
    from: request.ip.slice(0, 100),
    at: new Date(nowMs).toISOString(),
  };
}

/**
 * The path of a request. The record of an act stays after the erasure of a user, so a path with the name of a user is that
 * of the route.
 */
function targetOf({ url }: FastifyRequest, { path }: Route): string {
  if (path.split('/').includes(':user')) return path;
  const [target = ''] = url.split('?', 1);
  return redactText(target).slice(0, 2_000);
}

/**
 * The digest of a body, with its text unless it is long. A body that is no JSON is refused later, and has no text. A
 * body that is surely too long for a record is only hashed, because its redaction would delay all requests.
 */
function bodyOf(body: unknown): RecordedAdministration['body'] {
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  const text = body.length <= mostRedactedBytes ? redactedJson(body) : undefined;
  const digest = createHash('sha256')
    .update(text ?? body)
    .digest('hex');
  return {
    bytes: body.length,
    digest,
    ...(text !== undefined && text.length <= longestRecordedBody ? { text } : {}),
  };
}

function redactedJson(body: Buffer): string | undefined {
  try {
    const text = body.toString('utf8');
    JSON.parse(text);
    return redactJson(text);
  } catch {
    return undefined;
  }
}

function problemCode(payload: unknown): string | undefined {
  if (typeof payload !== 'string') return undefined;
  try {
    const { code } = JSON.parse(payload) as { readonly code?: unknown };
    return typeof code === 'string' ? code.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}
