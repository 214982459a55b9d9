import { proxyProvider } from '@action-mesh/connections';
import type { Tool } from '@action-mesh/contracts/catalog';
import type { Integration } from '@action-mesh/contracts/auth-broker';
import {
  proxyArgumentsSchema,
  proxyTool,
  type AcceptedCall,
  type ProxyArguments,
} from '@action-mesh/contracts/gateway';

import { ProxyRequestError } from '../domain/executor.errors.js';
import { connectionBase } from '../domain/connection-address.js';
import type { PreparedTool, ProviderRequest } from './tools.port.js';

const timeoutMs = 30_000;
const validityMs = 86_400_000;

/**
 * The built-in tool of one proxied request. `find` gives the integration by its name. Without it, the call waits until the
 * tenant has set it up.
 */
export function prepareProxy(
  { arguments: given }: Pick<AcceptedCall, 'arguments'>,
  find: (integration: string) => Integration | undefined,
): PreparedTool {
  const read = proxyArgumentsSchema.safeParse(given);
  if (!read.success) return unbuildable(read.error.issues[0]?.path.join('.') ?? '');
  const args = read.data;
  const integration = find(args.integration);
  const base = (integration?.base_url ?? connectionBase).replace(/\/$/, '');
  const provider = { slug: proxyProvider(integration, args.integration), base_url: base };
  return {
    tool: toolOf(provider, effectOf(args)),
    endpoint: `${args.method} ${new URL(base).host}/*`,
    integration: args.integration,
    buildRequest: () => requestOf(args, base),
  };
}

function effectOf({ effect = 'opaque' }: Pick<ProxyArguments, 'effect'>): Tool['effect'] {
  return { class: effect };
}

function toolOf(provider: Tool['provider'], effect: Tool['effect']): Tool {
  return {
    ...proxyTool,
    toolkit: proxyTool.slug,
    title: 'Proxied request',
    description: 'One HTTP request with the credential of a connection.',
    tags: [],
    aliases: [],
    security: [],
    provider,
    input: { type: 'object' },
    examples: [],
    // The request says its own method and path.
    http: { method: 'POST', path: '/', parameters: [], headers: {} },
    effect,
    effect_source: 'declared',
    token_cost: 0,
    warnings: [],
    timeout_ms: timeoutMs,
    retry: { max_attempts: 5, initial_backoff_ms: 500, max_backoff_ms: 30_000 },
    validity_ms: validityMs,
  };
}

function requestOf(
  { method, path, query = {}, headers = {}, body }: ProxyArguments,
  base: string,
): ProviderRequest {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => [name, String(each)] as [string, string]),
  );
  const search = new URLSearchParams(pairs).toString();
  const url = `${base}${path}${search === '' ? '' : `?${search}`}`;
  const { origin, pathname } = new URL(base);
  const built = new URL(url);
  // The contract has checked the path. This checks the result.
  if (built.origin !== origin || !`${built.pathname}/`.startsWith(pathname === '/' ? '/' : `${pathname}/`))
    throw new ProxyRequestError('the path leaves the base URL of the integration');
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (body === undefined) return { method, url, headers: lower };
  const type = lower['content-type'] ?? 'application/json';
  const isText = typeof body === 'string' && !/^application\/(?:[\w.+-]+\+)?json\b/i.test(type);
  return {
    method,
    url,
    headers: { ...lower, 'content-type': type },
    body: isText ? body : JSON.stringify(body),
  };
}

function unbuildable(place: string): PreparedTool {
  const provider = { slug: proxyTool.slug, base_url: connectionBase };
  return {
    tool: toolOf(provider, { class: 'opaque' }),
    endpoint: 'POST connection.invalid/*',
    buildRequest: () => {
      throw new ProxyRequestError(`the argument "${place}" makes no request`);
    },
  };
}
