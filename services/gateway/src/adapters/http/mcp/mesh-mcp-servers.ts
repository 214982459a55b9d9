import { project } from '@action-mesh/projections';
import type { Tool } from '@action-mesh/contracts/catalog';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import {
  InMemoryServerEventBus,
  McpServer,
  type ListToolsResult,
  type Tool as McpTool,
} from '@modelcontextprotocol/server';

import type { ToolsetCatalog } from '../../../application/toolset-catalog.js';
import { readToolCursor, writeToolCursor } from '../../../domain/tool-cursor.js';
import { tasksExtension } from './mcp-client.js';
import { invalidParams } from './mcp-errors.js';
import type { McpExchange } from './mcp-exchange.js';
import { outputOf } from './mcp-results.js';
import type { McpServers } from './mcp-servers.port.js';
import type { McpTasks } from './mcp-tasks.js';
import type { McpToolCalls } from './mcp-tool-calls.js';

/** How long a host may keep a list of tools, milliseconds. */
const listTtlMs = 30_000;

const serverInfo = { name: 'action-mesh', title: 'Action Mesh', version: '1.0.0' };
const instructions =
  'Tools that act in the accounts of a user. A result says what happened. Repeat a call only when its result asks for it.';

const modernCapabilities = { tools: { listChanged: true }, extensions: { [tasksExtension]: {} } };

/** The parts behind the methods of the protocol. */
export interface MeshMcpParts {
  readonly catalog: ToolsetCatalog;
  readonly calls: McpToolCalls;
  readonly tasks: McpTasks;
}

/** The mesh as an MCP server: one server for each request, since the key of a request decides what it sees. */
export class MeshMcpServers implements McpServers {
  readonly bus = new InMemoryServerEventBus();
  readonly #parts: MeshMcpParts;
  /** One for all servers: making it takes longer than a request. */
  readonly #jsonSchemaValidator = new AjvJsonSchemaValidator();

  constructor(parts: MeshMcpParts) {
    this.#parts = parts;
  }

  create(exchange: McpExchange, era: 'legacy' | 'modern'): McpServer {
    const isModern = era === 'modern';
    const mcp = new McpServer(serverInfo, {
      instructions,
      jsonSchemaValidator: this.#jsonSchemaValidator,
      cacheHints: {
        'tools/list': { ttlMs: listTtlMs, cacheScope: 'private' },
        'server/discover': { ttlMs: listTtlMs, cacheScope: 'private' },
      },
      inputRequired: { legacyShim: false },
    });
    // Before 2026-07-28 changes travel on a stream of a session, and the gateway keeps no sessions.
    mcp.server.registerCapabilities(isModern ? modernCapabilities : { tools: {} });
    mcp.server.setRequestHandler('tools/list', ({ params }) => this.#list(exchange, params?.cursor));
    if (exchange.message.method === 'tools/call') {
      // A handler for this one method would refuse tasks, which are no results of the core protocol.
      mcp.server.fallbackRequestHandler = (request, ctx) =>
        this.#parts.calls.answer(exchange, era, request, ctx);
    }
    if (isModern) this.#parts.tasks.serve(mcp, exchange);
    return mcp;
  }

  async #list({ caller, toolset }: McpExchange, cursor: string | undefined): Promise<ListToolsResult> {
    const end = cursor === undefined ? undefined : readToolCursor(cursor);
    if (cursor !== undefined && end === undefined) throw wrongCursor();
    const { tools, next } = await this.#parts.catalog.page(caller, toolset, end);
    return {
      tools: tools.map((tool) => listed(tool, toolset.maxBytes)),
      ...(next === undefined ? {} : { nextCursor: writeToolCursor(next) }),
    };
  }
}

function listed(tool: Tool, maxBytes: number | undefined): McpTool {
  const { definition } = project(tool, 'mcp');
  if (outputOf(tool, maxBytes) !== undefined) return definition as unknown as McpTool;
  const { outputSchema: _left, ...rest } = definition;
  return rest as unknown as McpTool;
}

function wrongCursor(): Error {
  return invalidParams({
    message: 'The cursor is not one of a list of tools.',
    fix: 'Use nextCursor of the page before, or list from the beginning.',
    problems: [],
  });
}
