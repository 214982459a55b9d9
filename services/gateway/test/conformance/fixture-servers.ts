import {
  createRequestStateCodec,
  InMemoryServerEventBus,
  McpServer,
  type RequestStateCodec,
} from '@modelcontextprotocol/server';

import type { McpExchange } from '../../src/adapters/http/mcp/mcp-exchange.js';
import type { McpServers } from '../../src/adapters/http/mcp/mcp-servers.port.js';
import { addDocuments } from './fixture-documents.js';
import { addQuestions } from './fixture-questions.js';
import { addFixtureTools } from './fixture-tools.js';

/** Servers with the tools, prompts and resources of the conformance suite, behind the door of the gateway. */
export class FixtureServers implements McpServers {
  readonly bus = new InMemoryServerEventBus();
  readonly #codec: RequestStateCodec<{ readonly round: number }> = createRequestStateCodec({
    key: 'conformance'.repeat(4),
  });

  create(_exchange: McpExchange, era: 'legacy' | 'modern'): McpServer {
    const isModern = era === 'modern';
    const mcp = new McpServer(
      { name: 'fixtures', version: '1.0.0' },
      {
        capabilities: {
          tools: { listChanged: isModern },
          prompts: { listChanged: isModern },
          resources: { subscribe: !isModern },
          completions: {},
          logging: {},
        },
        inputRequired: { legacyShim: false },
        requestState: { verify: (state, ctx) => this.#codec.verify(state, ctx) },
      },
    );
    addFixtureTools(mcp, this.bus);
    addDocuments(mcp);
    if (isModern) addQuestions(mcp, this.#codec);
    mcp.server.setRequestHandler('completion/complete', () => ({
      completion: { values: ['paris', 'park', 'party'], total: 3, hasMore: false },
    }));
    if (!isModern)
      for (const method of ['resources/subscribe', 'resources/unsubscribe'] as const)
        mcp.server.setRequestHandler(method, () => ({}));
    return mcp;
  }
}
