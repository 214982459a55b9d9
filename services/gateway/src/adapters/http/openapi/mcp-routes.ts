import type { RouteName } from '@action-mesh/contracts/gateway';

import { toolsetQuerySchema } from '../../../domain/mcp-toolset.js';
import { answers200 } from './answers.js';
import { rpcAnswerSchema, rpcMessageSchema, resourceMetadataSchema } from './mcp-schemas.js';
import type { RouteDocument } from './route-document.js';

const metadata = {
  area: 'operation',
  description: 'RFC 9728. 404 without an authorization server.',
  answers: answers200('The authorization servers of this gateway.', resourceMetadataSchema),
  problems: ['not_found'],
} as const satisfies RouteDocument;

/** The routes for MCP hosts. The protocol itself describes their messages. */
export const mcpRoutes = {
  speakMcp: {
    area: 'tools',
    description:
      'The Model Context Protocol, revisions 2025-11-25 and 2026-07-28. Hosts speak it; programs take the other routes.',
    query: toolsetQuerySchema,
    body: rpcMessageSchema,
    example: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    answers: {
      200: {
        description: 'The answer of the protocol.',
        schema: rpcAnswerSchema,
        types: ['text/event-stream'],
      },
      202: { description: 'A notification was taken.' },
      400: {
        description: 'The message is not one that the protocol knows, or the request is malformed.',
        schema: rpcAnswerSchema,
        types: ['application/problem+json'],
      },
      406: { description: 'The header Accept leaves out JSON or event streams.', schema: rpcAnswerSchema },
    },
    problems: ['too_many_streams'],
  },
  readMcpResource: metadata,
  readResource: metadata,
} as const satisfies Partial<Record<RouteName, RouteDocument>>;
