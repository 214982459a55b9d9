import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly tenant: string | undefined;
  readonly holder: string | undefined;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * The executor's internal API as a plain web server. It gives the answers that a test chooses, and records every
 * request.
 */
export class ExecutorApi implements AsyncDisposable {
  readonly #server: Server;
  /** Calls by id, for `GET /internal/calls/:id`. */
  readonly views = new Map<string, unknown>();
  readonly requests: ApiRequest[] = [];
  /** Asked first for each request. `undefined` leaves the request to the defaults. `never` gives no answer at all. */
  answer: (request: ApiRequest) => ApiAnswer | 'never' | undefined = () => undefined;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<ExecutorApi> {
    const api = new ExecutorApi();
    api.#server.listen(0, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    return Promise.resolve();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', this.url);
    const text = Buffer.concat(chunks).toString();
    const { 'x-mesh-tenant': tenant, 'x-mesh-holder': holder } = request.headers;
    const asked: ApiRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      tenant: typeof tenant === 'string' ? tenant : undefined,
      holder: typeof holder === 'string' ? holder : undefined,
      body: text === '' ? undefined : JSON.parse(text),
    };
    // The gateway asks for the state of the ledger all the time, beside the requests of its callers.
    if (asked.path !== '/internal/ledger') this.requests.push(asked);
    const answer = this.answer(asked) ?? this.#view(asked);
    if (answer === 'never') return;
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body ?? {}));
  }

  #view({ path, tenant }: ApiRequest): ApiAnswer {
    const view = path.startsWith('/internal/calls/')
      ? this.views.get(path.split('/').at(-1) ?? '')
      : undefined;
    return view !== undefined && tenant === 'default' ? { status: 200, body: view } : { status: 404 };
  }
}
