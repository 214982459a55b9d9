import { routes, type Route } from '@action-mesh/contracts/gateway';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';

/** The part of Fastify's configuration of a route that holds its entry in the table. */
interface TableEntry {
  readonly meshRoute?: Route;
}

/** The limit for a body of a route that takes none. Fastify accepts no limit of zero. */
const noBodyBytes = 1;

/** The longest parameter of a path, in characters: the token of a connect link. */
export const longestParameter = 2_000;

const byAddress: ReadonlyMap<string, Route> = new Map(
  Object.values<Route>(routes).map((route) => [`${route.method} ${route.path}`, route]),
);

/** The entry of the matched route, or undefined at an address without a route. */
export function routeOf(request: FastifyRequest): Route | undefined {
  return (request.routeOptions.config as TableEntry | undefined)?.meshRoute;
}

/**
 * The routes of the gateway. They separate an unknown address (404) from a wrong method (405). Targets match as in the
 * web server.
 *
 * - RT1: the web server has no route outside of the table, and takes scope and body limit from it.
 */
export class RouteTable {
  readonly #router = createRouter({ maxParamLength: longestParameter });
  readonly #methods = new Set<HTTPMethod>();

  /** Checks and records every route that is added after this call. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', (added) => {
      for (const method of [added.method].flat() as HTTPMethod[]) {
        this.#methods.add(method);
        this.#router.on(method, added.url, () => undefined);
        const meshRoute = entryOf(method, added.url);
        Object.assign(added, { config: { ...added.config, meshRoute } });
        added.bodyLimit = meshRoute.bodyLimitBytes ?? noBodyBytes;
      }
    });
  }

  /** The methods that a request target accepts, in alphabetical order. */
  methods(target: string): readonly string[] {
    return [...this.#methods].filter((method) => this.#router.find(method, target) !== null).sort();
  }
}

/** `HEAD` has the rules of `GET`. */
function entryOf(method: string, path: string): Route {
  const entry = byAddress.get(`${method === 'HEAD' ? 'GET' : method} ${path}`);
  if (entry !== undefined) return entry;
  throw new Error(
    `${method} ${path} is missing in the table of routes (libs/contracts/src/gateway/routes.ts)`,
  );
}
