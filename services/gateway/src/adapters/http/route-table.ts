import type { FastifyInstance } from 'fastify';
import createRouter, { type HTTPMethod } from 'find-my-way';

/** The routes of the gateway, to tell "no such thing" from "not in this way". Matches targets as the web server does. */
export class RouteTable {
  readonly #router = createRouter();
  readonly #methods = new Set<HTTPMethod>();

  /** Notes every route that is added from now on. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      for (const each of [method].flat() as HTTPMethod[]) {
        this.#methods.add(each);
        this.#router.on(each, url, () => undefined);
      }
    });
  }

  /** The methods that a request target can be asked with, in the order of the alphabet. */
  methods(target: string): readonly string[] {
    return [...this.#methods].filter((method) => this.#router.find(method, target) !== null).sort();
  }
}
