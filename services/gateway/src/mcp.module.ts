import { Repeater, traceFields, type Logger, type OpenResources } from '@action-mesh/platform';
import type { IdentityDirectory } from '@action-mesh/identity';
import type { Provider, Type } from '@nestjs/common';

import { McpElicitation } from './adapters/http/mcp/mcp-elicitation.js';
import { checkEveryMs, McpEndpoint } from './adapters/http/mcp/mcp-endpoint.js';
import { McpController, McpRoute, type McpRouteParts } from './adapters/http/mcp/mcp.controller.js';
import type { McpServers } from './adapters/http/mcp/mcp-servers.port.js';
import { McpTasks } from './adapters/http/mcp/mcp-tasks.js';
import { McpToolCalls } from './adapters/http/mcp/mcp-tool-calls.js';
import { MeshMcpServers } from './adapters/http/mcp/mesh-mcp-servers.js';
import { mcpPath, resourceMetadata } from './adapters/http/mcp/resource-metadata.js';
import {
  ResourceMetadataController,
  ResourceMetadataToken,
} from './adapters/http/mcp/resource-metadata.controller.js';
import type { ExecuteCall } from './application/execute-call.js';
import type { ExecutorAdmin } from './application/executor-admin.port.js';
import type { FindCall } from './application/find-call.js';
import type { FollowCall } from './application/follow-call.js';
import type { KnownTools } from './application/known-tools.js';
import type { MetaTools } from './application/meta-tools.js';
import { StreamPlaces } from './application/stream-places.js';
import { ToolsetCatalog } from './application/toolset-catalog.js';
import type { ToolSearch } from './application/tool-search.js';
import type { GatewayConfig } from './config.js';

/** The use cases and the knowledge that the MCP door needs. */
export interface McpParts {
  readonly execute: ExecuteCall;
  readonly follow: FollowCall;
  readonly find: FindCall;
  readonly metaTools: MetaTools;
  readonly tools: KnownTools;
  readonly search: ToolSearch;
  readonly admin: ExecutorAdmin;
  readonly directory: IdentityDirectory;
  /** A number that changes with the published tools. */
  readonly revision: () => number;
}

/** The routes for MCP hosts. */
export interface McpModule {
  /** Begins to look for changed tools. */
  readonly start: () => void;
  /** Ends the subscriptions of hosts, and lets calls in flight answer. */
  readonly endStreams: () => void;
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

/** The address of the protected resource. Undefined: no authorization server is set, so hosts show keys. */
export function mcpResource({
  authorizationServers,
  publicUrl,
}: Pick<GatewayConfig, 'authorizationServers' | 'publicUrl'>): string | undefined {
  return authorizationServers.length === 0 ? undefined : `${publicUrl}${mcpPath}`;
}

/** Binds the MCP door. `servers` replaces the tools of the mesh by those of the conformance suite. */
export function composeMcp(
  config: GatewayConfig,
  parts: McpParts,
  logger: Logger,
  open: OpenResources,
  servers: McpServers = meshServers(config, parts, logger),
): McpModule {
  const { maxStreams, maxStreamsOfTenant, authorizationServers } = config;
  const resource = mcpResource(config);
  const endpoint = open.add(
    new McpEndpoint({
      servers,
      maxStreams,
      revision: parts.revision,
      onError: (err) => logger.debug({ err }, 'a request of an MCP host was refused'),
    }),
    (used) => used.close(),
  );
  const route: McpRouteParts = {
    endpoint,
    places: new StreamPlaces({ maxStreams, maxStreamsOfTenant }),
    directory: parts.directory,
    limits: { waitMs: config.waitMs, maxWaitMs: config.maxWaitMs },
    resource,
  };
  return {
    start() {
      open.use(
        new Repeater({
          run() {
            endpoint.announceChanges();
            return Promise.resolve();
          },
          everyMs: checkEveryMs,
          onError: (err) => logger.warn({ err }, 'MCP hosts were not told of changed tools'),
        }),
      );
    },
    endStreams: () => endpoint.endStreams(),
    controllers: [McpController, ResourceMetadataController],
    providers: [
      { provide: McpRoute, useValue: route },
      {
        provide: ResourceMetadataToken,
        useValue: resource === undefined ? undefined : resourceMetadata(resource, authorizationServers),
      },
    ],
  };
}

function meshServers({ serviceKey }: GatewayConfig, parts: McpParts, logger: Logger): McpServers {
  const elicitation = new McpElicitation(serviceKey);
  const { tools, admin, find } = parts;
  return new MeshMcpServers({
    catalog: new ToolsetCatalog(parts.search),
    calls: new McpToolCalls({
      ...parts,
      elicitation,
      onDefect: (err, trace) => logger.error({ err, ...traceFields(trace) }, 'a call of an MCP host failed'),
    }),
    tasks: new McpTasks({ find, admin, tools, elicitation }),
  });
}
