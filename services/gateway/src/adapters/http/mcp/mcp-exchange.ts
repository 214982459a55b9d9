import type { Principal } from '@action-mesh/identity';
import type { TraceContext } from '@action-mesh/kernel';

import type { Toolset } from '../../../domain/mcp-toolset.js';
import type { ExactTexts } from './exact-texts.js';
import type { McpMessage } from './mcp-message.js';
import type { McpSession } from './mcp-session.js';

/** One request of an MCP host, from the door to its answer. */
export interface McpExchange {
  readonly caller: Principal;
  readonly toolset: Toolset;
  readonly message: McpMessage;
  /** Absent: the client speaks 2026-07-28, or did not keep its session. */
  readonly session: McpSession | undefined;
  /** The names of the headers `Mesh-User-Id`, `Mesh-Agent-Id` and `Mesh-Run-Id`. */
  readonly headers: {
    readonly userId: string | undefined;
    readonly agentId: string | undefined;
    readonly runId: string | undefined;
  };
  /** The span of the call. */
  readonly trace: TraceContext;
  /** How long the host waits for an outcome, milliseconds. */
  readonly waitMs: number;
  /** Exact JSON in the answer. */
  readonly exact: ExactTexts;
}
