import { proxyProvider, type IntegrationDirectory } from '@action-mesh/connections';
import { proxyTool } from '@action-mesh/contracts/gateway';

import { RequestRefusedError } from '../domain/gateway.errors.js';
import { identityNotFound } from '../domain/identity-refusals.js';
import { registeredProxy, type ProxyCall } from '../domain/proxy-call.js';
import type { ExecuteCall, ExecuteOptions, Execution } from './execute-call.js';
import type { KnownTools } from './known-tools.js';

/** The parts that send proxied requests. */
export interface SendProxiedParts {
  readonly execute: Pick<ExecuteCall, 'execute'>;
  readonly integrations: Pick<IntegrationDirectory, 'find'>;
  /** It knows when the gateway has read the integrations. */
  readonly tools: Pick<KnownTools, 'registry'>;
}

/**
 * Sends one HTTP request with the credential of a user. It is a call like any other: the ledger, limits, kill switches
 * and the waits of calls hold for it.
 *
 * - PX1: a key with a list of tools needs a pattern that covers `mesh_proxy`, since the proxy reaches more than its
 *   tools.
 * - PX2: the integration is one of the caller's tenant. Any other one is unknown.
 */
export class SendProxied {
  readonly #parts: SendProxiedParts;

  constructor(parts: SendProxiedParts) {
    this.#parts = parts;
  }

  /** Throws `RequestRefusedError` for an unknown integration (PX2) and a narrow key (PX1), and the errors of `AcceptCall`. */
  execute(
    name: string,
    { request, effect }: ProxyCall,
    options: Omit<ExecuteOptions, 'links' | 'builtIn'>,
  ): Promise<Execution> {
    const { execute, integrations, tools } = this.#parts;
    const { caller } = options;
    if (caller.tools?.allows({ slug: proxyTool.slug, toolkit: proxyTool.slug }) === false)
      throw proxyClosed();
    tools.registry();
    const integration = integrations.find(caller.tenantId, name);
    if (integration === undefined) throw identityNotFound('integration');
    const builtIn = { registered: registeredProxy(effect), provider: proxyProvider(integration, name) };
    return execute.execute(request, { ...options, builtIn });
  }
}

function proxyClosed(): RequestRefusedError {
  return new RequestRefusedError(
    'key_limited',
    `The key is limited to tools, and ${proxyTool.slug} is not one of them.`,
    `Use a key whose tools cover ${proxyTool.slug}, or a tool of the key instead of the proxy.`,
  );
}
