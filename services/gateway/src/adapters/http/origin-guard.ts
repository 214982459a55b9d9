import type { FastifyInstance, FastifyRequest } from 'fastify';

import { HttpProblemError } from './problem.js';
import { routeOf } from './route-table.js';

/** A host name in the Host header, without its port. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Refuses browsers that another site leads to this gateway. Programs send no Origin. The gateway sends no CORS headers.
 *
 * - OG1: a gateway that only this machine reaches answers no other host name, so a rebound name of a site gets nothing.
 * - OG2: a request with the Origin of another site reaches no route but the forms of connect pages. Browsers hide the
 *   origin of those pages, and each form has a token and a cookie.
 */
export function guardOrigins(fastify: FastifyInstance, { host, publicUrl }: OriginSettings): void {
  const own = new URL(publicUrl);
  const isLocal = loopback.test(host === '::1' ? '[::1]' : host);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const named = hostNameOf(request.headers.host);
    if (isLocal && named !== undefined && !loopback.test(named) && named !== own.hostname) done(wrongHost());
    else if (routeOf(request)?.form !== true && !isOwnOrigin(request, own)) done(wrongOrigin());
    else done();
  });
}

/** The addresses of a gateway. */
export interface OriginSettings {
  /** The address at which it listens. */
  readonly host: string;
  /** Its origin, as callers see it. */
  readonly publicUrl: string;
}

/** Undefined for a request of HTTP/1.0 without the header. */
function hostNameOf(header: string | undefined): string | undefined {
  return header?.toLowerCase().replace(/:\d{0,5}$/, '');
}

/** The origin of the page is the one of the gateway: the public one, or the one that the request names as its host. */
function isOwnOrigin({ headers }: FastifyRequest, own: URL): boolean {
  const { origin } = headers;
  if (origin === undefined || origin === own.origin) return true;
  const given = URL.canParse(origin) ? new URL(origin) : undefined;
  return given !== undefined && given.host === headers.host?.toLowerCase();
}

function wrongHost(): HttpProblemError {
  return new HttpProblemError({
    status: 421,
    title: 'Host not served',
    code: 'host_not_served',
    detail: 'The header Host names a host that this gateway does not serve.',
    fix: 'Use the address of MESH_PUBLIC_URL, or 127.0.0.1 on this machine.',
  });
}

function wrongOrigin(): HttpProblemError {
  return new HttpProblemError({
    status: 403,
    title: 'Origin not allowed',
    code: 'origin_not_allowed',
    detail: 'The header Origin names another site, and no page of another site may use this gateway.',
    fix: 'Send the request from a program or from the server of your site.',
  });
}
