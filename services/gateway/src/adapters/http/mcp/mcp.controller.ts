import type { KeyScope } from '@action-mesh/contracts/auth-broker';
import type { IdentityDirectory, Principal } from '@action-mesh/identity';
import { parseTraceparent, systemClock, type TraceContext } from '@action-mesh/kernel';
import { Controller, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { StreamPlaces } from '../../../application/stream-places.js';
import { RequestRefusedError } from '../../../domain/gateway.errors.js';
import { callMetaKey } from '../../../domain/mcp-call.js';
import { readToolset } from '../../../domain/mcp-toolset.js';
import { principalOf } from '../caller-guard.js';
import { scopeMissing } from '../caller-refusals.js';
import { readPreferences, type WaitLimits } from '../preferences.js';
import { Serves } from '../serves.js';
import { continueTrace, markStream, traceOf } from '../trace-headers.js';
import { single } from '../waiting-caller.js';
import { ExactTexts } from './exact-texts.js';
import { isListening, type McpEndpoint } from './mcp-endpoint.js';
import type { McpExchange } from './mcp-exchange.js';
import { isFault, readMessage, type McpMessage } from './mcp-message.js';
import { writeReply } from './mcp-reply.js';
import { readSession, sessionHeader, writeSession } from './mcp-session.js';
import { resourceMetadataUrl } from './resource-metadata.js';

/** The parts of the route for MCP hosts. */
export interface McpRouteParts {
  readonly endpoint: McpEndpoint;
  readonly places: StreamPlaces;
  readonly directory: Pick<IdentityDirectory, 'holds'>;
  readonly limits: WaitLimits;
  /** The address of the protected resource. Absent: no authorization server is set. */
  readonly resource: string | undefined;
}

export const McpRoute = Symbol('McpRoute');

/** The interval of checks whether the key of an open stream still holds, milliseconds. */
const standingEveryMs = 5_000;

/** The scopes beside the one of the route, by the method of the protocol. */
const scopesOfMethods: Readonly<Record<string, KeyScope>> = {
  'tools/call': 'calls:write',
  'tasks/get': 'calls:read',
  'tasks/update': 'calls:write',
  'tasks/cancel': 'calls:write',
};

/**
 * The route for MCP hosts.
 *
 * - MH1: a request reaches the protocol library only with a caller, the scope of its method, one message, and a place
 *   among the streams of its tenant.
 * - MH2: a stream ends within seconds after its key does.
 */
@Controller()
export class McpController {
  readonly #parts: McpRouteParts;

  constructor(@Inject(McpRoute) parts: McpRouteParts) {
    this.#parts = parts;
  }

  @Serves('speakMcp')
  async speak(
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const caller = principalOf(request);
    const toolset = readToolset(query);
    const message = readMessage(bytesOf(request));
    if (isFault(message)) {
      void reply.code(400).send({ jsonrpc: '2.0', id: null, error: message });
      return;
    }
    this.#refuseWithoutScope(caller, message);
    const { headers } = request;
    continueTrace(request, hostTrace(message));
    const exchange: McpExchange = {
      caller,
      toolset,
      message,
      session: readSession(single(headers[sessionHeader])),
      headers: {
        userId: readName(headers, 'mesh-user-id'),
        agentId: readName(headers, 'mesh-agent-id'),
        runId: readName(headers, 'mesh-run-id'),
      },
      trace: traceOf(request),
      waitMs: readPreferences(single(headers.prefer), this.#parts.limits).waitMs,
      exact: new ExactTexts(),
    };
    await this.#answer(exchange, request, reply);
  }

  async #answer(exchange: McpExchange, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { endpoint, places } = this.#parts;
    const { caller, message } = exchange;
    places.take(caller.tenantId);
    const gone = new AbortController();
    const watch = setInterval(() => {
      if (!this.#parts.directory.holds(caller, systemClock.now())) gone.abort();
    }, standingEveryMs);
    reply.raw.once('close', () => gone.abort());
    try {
      const answer = await endpoint.serve(exchange, protocolHeaders(request), gone.signal);
      if (answer.ok && isListening(exchange)) markStream(request);
      // The host has gone; nobody reads an answer.
      if (reply.raw.destroyed) return;
      reply.hijack();
      const isFirst = message.method === 'initialize' && answer.ok;
      const session: Record<string, string> = isFirst
        ? { [sessionHeader]: writeSession(message.params) }
        : {};
      await writeReply(reply.raw, answer, exchange.exact, session);
    } finally {
      clearInterval(watch);
      places.free(caller.tenantId);
    }
  }

  #refuseWithoutScope({ scopes }: Principal, { method }: McpMessage): void {
    const scope = Object.hasOwn(scopesOfMethods, method) ? scopesOfMethods[method] : undefined;
    if (scope === undefined || scopes.has(scope)) return;
    const { resource } = this.#parts;
    throw scopeMissing(scope, {
      needed: ['tools:read', scope],
      metadataUrl: resource === undefined ? undefined : resourceMetadataUrl(resource),
    });
  }
}

/** The name in a header of a host. An empty header is an absent one. Throws `RequestRefusedError`. */
function readName(headers: FastifyRequest['headers'], header: string): string | undefined {
  const name = single(headers[header]);
  if (name === undefined || name === '') return undefined;
  if (/^[\x20-\x7e]*$/.test(name)) return name;
  throw new RequestRefusedError(
    'invalid_request',
    `The header ${header} has characters beyond ASCII, which headers cannot carry.`,
    `Send the name in _meta["${callMetaKey}"] of each call.`,
  );
}

/** An absent body is no JSON, like an empty one. */
function bytesOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** The headers that the protocol library checks against the body. */
function protocolHeaders({ headers }: FastifyRequest): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => name === 'accept' || name.startsWith('mcp-'));
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, single(value) ?? ''])),
    'content-type': 'application/json',
  };
}

/** The trace of the host (SEP-414). */
function hostTrace({ meta }: McpMessage): TraceContext | undefined {
  const { traceparent, tracestate } = meta;
  return typeof traceparent === 'string'
    ? parseTraceparent(traceparent, typeof tracestate === 'string' ? tracestate : undefined)
    : undefined;
}
