import type { ResolvedOptions } from '../config.js';
import { apiRoutes, type ApiAnswers } from '../generated/api.js';
import { ConnectionFailedError, MeshClientError, UnexpectedAnswerError } from '../mesh.errors.js';
import { errorOfAnswer } from './answer-error.js';
import { addressOf, type GatewayRequest, type OperationInput, type ApiOperation } from './api-request.js';
import { parseExactJson } from './exact-json.js';
import { pauseBefore } from './retry-policy.js';
import { TimeLimit } from './time-limit.js';

/** An answer of the mesh whose body was read. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Sends requests to the gateway.
 *
 * - KC1: the key leaves only in the header of a request to `baseUrl`. Redirects are not followed.
 * - KC2: a request that may have arrived is sent again only when the mesh recognizes repetitions.
 */
export class ApiClient {
  readonly #options: ResolvedOptions;

  constructor(options: ResolvedOptions) {
    this.#options = options;
  }

  get timeoutMs(): number {
    return this.#options.timeoutMs;
  }

  /** Sends the request of an operation, and parses its answer. */
  async call<O extends ApiOperation>(operation: O, input: OperationInput<O>): Promise<ApiAnswers[O]> {
    return (await this.json(operation, input)) as ApiAnswers[O];
  }

  /** The parsed answer of an operation whose request is not typed. Undefined for an empty answer. */
  async json(operation: ApiOperation, request: GatewayRequest): Promise<unknown> {
    const { text } = await this.read(operation, request);
    if (text === '') return undefined;
    try {
      return parseExactJson(text);
    } catch {
      throw notOfAMesh('The answer is not JSON.');
    }
  }

  /** Sends a request, again where that is safe, and reads the whole answer as text. Throws `MeshClientError`. */
  async read(operation: ApiOperation, request: GatewayRequest): Promise<ReadAnswer> {
    return this.exchange(operation, request, readText);
  }

  /**
   * An answer for a model. A refusal that the model can mend, such as wrong arguments, has the form of the model too, under
   * the status of a refusal.
   */
  async readModelAnswer(operation: ApiOperation, request: GatewayRequest): Promise<ReadAnswer> {
    return this.exchange(operation, { ...request, takesRefusals: true }, readText);
  }

  /** Sends a request, and reads a success by `read` within the time limit. */
  async exchange<T>(
    operation: ApiOperation,
    request: GatewayRequest,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { method } = apiRoutes[operation];
    const isRepeatable = request.isRepeatable ?? method === 'GET';
    const limit = new TimeLimit(request.timeoutMs ?? this.#options.timeoutMs, request.signal);
    try {
      for (let retry = 0; ; retry++) {
        try {
          return await this.#once(operation, request, limit, read);
        } catch (error) {
          limit.check();
          if (!(error instanceof MeshClientError) || retry >= this.#options.maxRetries) throw error;
          const pause = pauseBefore(error, isRepeatable, retry);
          if (pause === undefined || pause >= limit.leftMs) throw error;
          await limit.pause(pause);
        }
      }
    } finally {
      limit.dispose();
    }
  }

  /** Opens a stream. Its body has no time limit; the signal ends it. */
  async open(operation: ApiOperation, request: GatewayRequest): Promise<Response> {
    const limit = new TimeLimit(undefined, request.signal);
    return this.#once(operation, request, limit, (response) => Promise.resolve(response));
  }

  async #once<T>(
    operation: ApiOperation,
    request: GatewayRequest,
    limit: TimeLimit,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { method, path } = apiRoutes[operation];
    const url = `${this.#options.baseUrl}${addressOf(path, request)}`;
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    try {
      const response = await this.#options.fetch(url, {
        method,
        headers: this.#headers(request),
        redirect: 'manual',
        signal: limit.signal,
        ...(body === undefined ? {} : { body }),
      });
      if (response.ok) return await read(response);
      const type = response.headers.get('content-type') ?? '';
      if (request.takesRefusals === true && type.startsWith('application/json')) return await read(response);
      throw errorOfAnswer(response, await response.text());
    } catch (error) {
      if (error instanceof MeshClientError) throw error;
      limit.check();
      throw connectionFailed(error);
    }
  }

  #headers(request: GatewayRequest): Record<string, string> {
    const headers: Record<string, string> = {
      authorization: `Bearer ${this.#options.apiKey}`,
      accept: 'application/json',
    };
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    const { traceparent, tracestate } = request;
    for (const [name, value] of Object.entries({ traceparent, tracestate, ...request.headers })) {
      if (value !== undefined) headers[name] = value;
    }
    return headers;
  }
}

async function readText(response: Response): Promise<ReadAnswer> {
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function connectionFailed(cause: unknown): ConnectionFailedError {
  return new ConnectionFailedError(
    'connection_failed',
    'The mesh cannot be reached, or the connection broke.',
    {
      cause,
      fixes: ['Check that the mesh runs, and that MESH_URL or `baseUrl` is its address.'],
    },
  );
}

function notOfAMesh(message: string): UnexpectedAnswerError {
  return new UnexpectedAnswerError('unexpected_answer', message, {
    fixes: ['Check that MESH_URL or `baseUrl` is the address of a mesh.'],
  });
}
