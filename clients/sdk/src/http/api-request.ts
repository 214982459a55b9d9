import type { ApiBodies, ApiQueries, apiRoutes } from '../generated/api.js';
import { InvalidRequestError } from '../mesh.errors.js';

/** The name of an operation of the gateway, as in its OpenAPI document. */
export type ApiOperation = keyof typeof apiRoutes;

/** Options of every method. */
export interface MeshRequestOptions {
  /** Ends the method early; it then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time for the method with its repetitions, milliseconds.
   *
   * @default `timeoutMs` of the client
   */
  readonly timeoutMs?: number | undefined;
  /** The parent of the trace (W3C Trace Context). */
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

type PathNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathNames<Rest>
  : never;
type PathNamesOf<O extends ApiOperation> = PathNames<(typeof apiRoutes)[O]['path']>;

/** The input of an operation: the names in its path, its query and its body. */
export type OperationInput<O extends ApiOperation> = MeshRequestOptions &
  ([PathNamesOf<O>] extends [never] ? object : { readonly path: Readonly<Record<PathNamesOf<O>, string>> }) &
  (O extends keyof ApiQueries ? { readonly query?: Optional<ApiQueries[O]> } : object) &
  (O extends keyof ApiBodies ? { readonly body: ApiBodies[O] } : object);

type Optional<T> = { readonly [K in keyof T]: T[K] | undefined };

/** A request before it is sent. */
export interface GatewayRequest extends MeshRequestOptions {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** True: the mesh recognizes a repetition, so the request may be sent again after a broken connection. */
  readonly isRepeatable?: boolean;
  /** True: a refusal in JSON that is no problem is an answer. */
  readonly takesRefusals?: boolean;
}

/** The address of a request behind the base URL. */
export function addressOf(path: string, request: GatewayRequest): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = request.path?.[name] ?? '';
    // A dot segment would leave the path, since URLs resolve it.
    if (/^\.{0,2}$/.test(value)) {
      throw new InvalidRequestError('invalid_path', `The ${name} in the path is empty or consists of dots.`, {
        fixes: [`Pass a valid ${name}.`],
      });
    }
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value === undefined) continue;
    query.append(name, textOf(value));
  }
  const text = query.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

/** A list becomes one value with commas, as the gateway reads it. */
function textOf(value: unknown): string {
  return Array.isArray(value) ? value.map(textOf).join(',') : `${value as string | number | boolean}`;
}
