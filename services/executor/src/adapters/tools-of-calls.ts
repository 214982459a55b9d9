import type { IntegrationDirectory } from '@action-mesh/connections';
import { proxyTool, type AcceptedCall } from '@action-mesh/contracts/gateway';

import { prepareProxy } from '../application/proxy-call.js';
import type { PreparedTool, Tools } from '../application/tools.port.js';
import type { ToolTopicView } from './kafka/tool-topic-view.js';

/** The published tools, and the built-in tool of proxied requests. */
export class ToolsOfCalls implements Tools {
  readonly #published: Pick<ToolTopicView, 'get' | 'stable'>;
  readonly #integrations: Pick<IntegrationDirectory, 'find'>;

  constructor(
    published: Pick<ToolTopicView, 'get' | 'stable'>,
    integrations: Pick<IntegrationDirectory, 'find'>,
  ) {
    this.#published = published;
    this.#integrations = integrations;
  }

  of(call: Pick<AcceptedCall, 'tenant_id' | 'tool' | 'arguments'>): PreparedTool | undefined {
    const { slug, version } = call.tool;
    if (slug !== proxyTool.slug) return this.#published.get(slug, version);
    if (version !== proxyTool.version) return undefined;
    return prepareProxy(call, (name) => this.#integrations.find(call.tenant_id, name));
  }

  stable(slug: string): PreparedTool | undefined {
    return this.#published.stable(slug);
  }
}
