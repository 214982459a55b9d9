import type { Route } from '@action-mesh/contracts/gateway';
import {
  isLimited,
  isUserToken,
  type Authentication,
  type IdentityDirectory,
  type Principal,
  type UserTokens,
} from '@action-mesh/identity';
import type { Clock } from '@action-mesh/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { DoorQuotas } from '../../application/door-quotas.js';
import type { KeyUses } from '../../application/key-uses.js';
import { readBearerToken } from './bearer-token.js';
import { keyTooNarrow, notAuthenticated, scopeMissing } from './caller-refusals.js';
import { mcpPath, resourceMetadataUrl } from './mcp/resource-metadata.js';
import { routeOf } from './route-table.js';

/** The parts that decide on a caller. */
export interface CallerGuardParts {
  readonly directory: Pick<IdentityDirectory, 'authenticate'>;
  readonly userTokens: Pick<UserTokens, 'authenticate'>;
  readonly quotas: Pick<DoorQuotas, 'take'>;
  readonly uses: Pick<KeyUses, 'record'>;
  readonly clock: Pick<Clock, 'now'>;
  /** The address of the MCP route, for which authorization servers issue tokens. Absent: none does. */
  readonly mcpResource: string | undefined;
}

type Guarded = FastifyRequest & { caller?: Principal };

/**
 * Authenticates every request, except for open routes, and checks the scope of its route. It runs before the body is
 * read, and gives the same answer for unknown addresses. The matched route decides, because one route has many
 * spellings.
 *
 * - CG1: a request without an authenticated caller reaches no route but the open ones.
 * - CG2: a caller reaches only routes whose scope its key has.
 * - CG3: a limited key reaches no route beyond its own users and tools.
 * - CG4: a token for the MCP route (RFC 8707) opens that route alone.
 */
export function guardCallers(fastify: FastifyInstance, parts: CallerGuardParts): void {
  const { directory, userTokens, clock } = parts;
  fastify.decorateRequest('caller');
  fastify.addHook('onRequest', (request, _reply, done) => {
    const route = routeOf(request);
    if (route?.scope === 'open') {
      done();
      return;
    }
    const token = readBearerToken(request.headers.authorization);
    // Only a user token costs a promise.
    if (token !== undefined && isUserToken(token)) {
      userTokens
        .authenticate(token, clock.now(), resourceOf(request, parts))
        .then((found) => done(refusalOf(request, route, found, parts)), done);
      return;
    }
    done(refusalOf(request, route, directory.authenticate(token, 'api', clock.now()), parts));
  });
}

/** The authenticated caller of a request behind the guard. */
export function principalOf(request: FastifyRequest): Principal {
  const { caller } = request as Guarded;
  if (caller === undefined) throw new Error('the guard of callers has not seen this request');
  return caller;
}

/** The refusal of a request. Undefined for an admitted one, which then has its caller. */
function refusalOf(
  request: FastifyRequest,
  route: Route | undefined,
  found: Authentication,
  parts: CallerGuardParts,
): Error | undefined {
  try {
    admit(request, route, found, parts);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function admit(
  request: FastifyRequest,
  route: Route | undefined,
  found: Authentication,
  parts: CallerGuardParts,
): void {
  const { quotas, uses, clock } = parts;
  const resource = resourceOf(request, parts);
  const metadataUrl = resource === undefined ? undefined : resourceMetadataUrl(resource);
  if (!found.ok) throw notAuthenticated(found.fault, metadataUrl);
  const { principal } = found;
  if (principal.keyId !== undefined) uses.record(principal.keyId, clock.now());
  quotas.take(principal, 'requests');
  if (route !== undefined && route.scope !== 'open') {
    if (!principal.scopes.has(route.scope)) throw scopeMissing(route.scope, { metadataUrl });
    if (route.reach !== 'caller' && isLimited(principal)) throw keyTooNarrow();
  }
  (request as Guarded).caller = principal;
}

/** The protected resource of the request. A token for it opens no other route. */
function resourceOf(request: FastifyRequest, { mcpResource }: CallerGuardParts): string | undefined {
  return routeOf(request)?.path === mcpPath ? mcpResource : undefined;
}
