import { nameSchema } from '@action-mesh/contracts/gateway';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type Implementation,
} from '@modelcontextprotocol/server';

import type { McpExchange } from './mcp-exchange.js';

/** The extension for calls that outlast a request (SEP-2663). */
export const tasksExtension = 'io.modelcontextprotocol/tasks';

/** What the client of an exchange can do, as it says itself. It decides the form of answers, and no right. */
export interface McpClient {
  /** The name of the program. */
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** The client asks its user in a form when the server requires input. */
  readonly showsForms: boolean;
  /** The client opens links for its user when the server requires it. */
  readonly opensLinks: boolean;
  /** The client polls tasks. */
  readonly followsTasks: boolean;
}

/** Reads the client of an exchange: from the request in the revision 2026-07-28, before from its session. */
export function clientOf({ message, session }: McpExchange, era: 'legacy' | 'modern'): McpClient {
  if (era === 'legacy') {
    return {
      name: session?.client,
      version: undefined,
      showsForms: false,
      opensLinks: session?.opensLinks === true,
      followsTasks: false,
    };
  }
  const { elicitation, extensions } = (message.meta[CLIENT_CAPABILITIES_META_KEY] ??
    {}) as ClientCapabilities;
  const { name, version } = (message.meta[CLIENT_INFO_META_KEY] ?? {}) as Partial<Implementation>;
  return {
    name,
    version,
    // An empty capability means forms alone.
    showsForms:
      elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined),
    opensLinks: elicitation?.url !== undefined,
    followsTasks: extensions?.[tasksExtension] !== undefined,
  };
}

/** The id of the agent that the mesh records for a client without a better name. */
export function agentOf({ name }: McpClient): string {
  const read = nameSchema.safeParse(name);
  return read.success ? read.data : 'mcp';
}
