import type { FastifyInstance } from 'fastify';

/** Which methods there are for a path, to tell "no such thing" from "not in this way". */
export class RouteTable {
  readonly #routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** Notes every route that is added from now on. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      const segments = url
        .split('/')
        .map((segment) => (segment.startsWith(':') ? '[^/]+' : literal(segment)));
      this.#routes.push({ pattern: new RegExp(`^${segments.join('/')}/?$`), methods: [method].flat() });
    });
  }

  /** The methods of a path, in the order of the alphabet. */
  methods(url: string): readonly string[] {
    const path = url.split('?', 1)[0] ?? '';
    const methods = this.#routes.flatMap((route) => (route.pattern.test(path) ? route.methods : []));
    return [...new Set(methods)].sort();
  }
}

function literal(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
