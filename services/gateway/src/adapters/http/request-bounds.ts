import type { FastifyInstance, FastifyRequest } from 'fastify';

import { HttpProblemError } from './problem.js';
import { protocolProblem } from './protocol-problem.js';

/** The longest value of each header that the gateway reads, in characters. Node.js bounds all headers together at 16 KiB. */
const longestHeaders = {
  // Room for a user token.
  authorization: 8_256,
  prefer: 1_024,
  'idempotency-key': 1_024,
  'content-type': 512,
  'content-encoding': 128,
  'mesh-user-id': 200,
  'mesh-agent-id': 200,
  'mesh-run-id': 200,
  'mcp-session-id': 1_024,
  'mcp-protocol-version': 64,
  'mcp-method': 128,
  'mcp-name': 1_024,
} as const;

/**
 * Refuses a request with an oversized header. Also refuses an address with U+0000, which no name contains and
 * PostgreSQL cannot store. Runs after the check of the key.
 */
export function boundRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const header = tooLongHeader(request);
    if (header !== undefined) done(headerTooLarge(header));
    else if (holdsNul(request.params) || holdsNul(request.query)) done(nulInAddress());
    else done();
  });
}

function tooLongHeader({ headers }: FastifyRequest): keyof typeof longestHeaders | undefined {
  for (const name of Object.keys(longestHeaders) as (keyof typeof longestHeaders)[]) {
    const value: string | readonly string[] | undefined = headers[name];
    if (value !== undefined && value.length > longestHeaders[name]) return name;
  }
  return undefined;
}

function holdsNul(values: unknown): boolean {
  return Object.entries(values ?? {}).some(
    ([name, value]) => name.includes('\0') || String(value).includes('\0'),
  );
}

function headerTooLarge(name: keyof typeof longestHeaders): HttpProblemError {
  return new HttpProblemError({
    status: 431,
    title: 'Header too large',
    code: 'header_too_large',
    detail: `The header ${name} is longer than ${longestHeaders[name]} characters.`,
    fix: `Send a shorter ${name}.`,
  });
}

function nulInAddress(): HttpProblemError {
  return new HttpProblemError({
    ...protocolProblem(400),
    detail: 'The address holds the character U+0000, which no name may contain.',
    fix: 'Check the names in the address.',
  });
}
