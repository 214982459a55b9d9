import { MeshConfigurationError } from './mesh.errors.js';
import type { CallHooks } from './call-hooks.js';

/** Options of a client. */
export interface ActionMeshOptions {
  /**
   * The address of the gateway.
   *
   * @default the variable MESH_URL, else http://127.0.0.1:8080
   */
  readonly baseUrl?: string | undefined;
  /**
   * An API key (`mesh_…`), or a token of one user.
   *
   * @default the variable MESH_KEY
   */
  readonly apiKey?: string | undefined;
  /**
   * The time for a request with its repetitions, milliseconds. A method that waits for an outcome adds its wait.
   *
   * @default 30_000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How often a request is repeated when that is safe.
   *
   * @default 3
   */
  readonly maxRetries?: number | undefined;
  /**
   * The function that sends requests, for example with a proxy.
   *
   * @default the `fetch` of the platform
   */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Functions that run before and after each tool call. */
  readonly hooks?: CallHooks | undefined;
}

/** Options with their defaults, checked. */
export interface ResolvedOptions {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly fetch: typeof globalThis.fetch;
  readonly hooks: CallHooks;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Completes the options from the environment. Throws `MeshConfigurationError`, which names no value. */
export function resolveOptions(
  options: ActionMeshOptions,
  variables: Variables = environment(),
): ResolvedOptions {
  const apiKey = (options.apiKey ?? variables['MESH_KEY'])?.trim();
  if (apiKey === undefined || apiKey === '') {
    throw new MeshConfigurationError('There is no API key.', 'Set MESH_KEY, or pass `apiKey`.');
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new MeshConfigurationError(
      'The API key has characters that no key has.',
      'Copy the key again into MESH_KEY or `apiKey`.',
    );
  }
  return {
    baseUrl: readBaseUrl(options.baseUrl ?? variables['MESH_URL'] ?? 'http://127.0.0.1:8080'),
    apiKey,
    timeoutMs: readCount('timeoutMs', options.timeoutMs ?? 30_000, 1),
    maxRetries: readCount('maxRetries', options.maxRetries ?? 3, 0),
    // A platform's `fetch` may insist on being called as a function of the global object.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    hooks: options.hooks ?? {},
  };
}

function readBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new MeshConfigurationError(
      'The address of the mesh is not an http or https URL without credentials and query.',
      'Set MESH_URL or `baseUrl`, for example to http://127.0.0.1:8080.',
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/$/, '');
}

function readCount(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new MeshConfigurationError(
    `\`${name}\` is not a whole number from ${least} on.`,
    `Pass another \`${name}\`, or leave it out.`,
  );
}

/** Empty where the platform has no environment, as in browsers and at the edge. */
function environment(): Variables {
  const { process } = globalThis as { readonly process?: { readonly env?: Variables } };
  return process?.env ?? {};
}
