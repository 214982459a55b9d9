import type { FastifyInstance } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';

/**
 * The routes of the gateway. They separate an unknown address (404) from a wrong method (405). Targets match as in the
 * web server.
 */
export class RouteTable {
  readonly #router = createRouter();
  readonly #methods = new Set<HTTPMethod>();

  /** Records every route that is added after this call. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      for (const each of [method].flat() as HTTPMethod[]) {
        this.#methods.add(each);
        this.#router.on(each, url, () => undefined);
      }
    });
  }

  /** The methods that a request target accepts, in alphabetical order. */
  methods(target: string): readonly string[] {
    return [...this.#methods].filter((method) => this.#router.find(method, target) !== null).sort();
  }
}
