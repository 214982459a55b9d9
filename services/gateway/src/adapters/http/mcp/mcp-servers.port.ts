import type { McpServer, ServerEventBus } from '@modelcontextprotocol/server';

import type { McpExchange } from './mcp-exchange.js';

/** The protocol servers behind `/mcp`. Tests of the protocol bind servers of their own here. */
export interface McpServers {
  /** Announces changes to subscribed hosts. */
  readonly bus: ServerEventBus;
  /** Makes the server for one exchange. */
  create(exchange: McpExchange, era: 'legacy' | 'modern'): McpServer;
}
