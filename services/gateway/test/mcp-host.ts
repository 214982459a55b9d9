import { Client as ModernClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { ClientCapabilities } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** How a host connects. */
export interface HostOptions {
  readonly key: string;
  /** @default `/mcp` */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly capabilities?: ClientCapabilities;
}

const info = { name: 'test-host', version: '3.2.1' };

function requestInit({ key, headers }: HostOptions): RequestInit {
  return { headers: { authorization: `Bearer ${key}`, ...headers } };
}

/** A host with the present client library. `auto` finds the revision 2026-07-28. */
export async function modernHost(
  url: string,
  options: HostOptions,
  mode: 'auto' | 'legacy' = 'auto',
): Promise<ModernClient> {
  const client = new ModernClient(info, {
    capabilities: options.capabilities ?? {},
    ...(mode === 'auto' ? { versionNegotiation: { mode } } : {}),
  });
  const address = new URL(options.path ?? '/mcp', url);
  await client.connect(new StreamableHTTPClientTransport(address, { requestInit: requestInit(options) }));
  return client;
}

/** A host with the client library that most hosts were built with. It stops at 2025-11-25. */
export async function oldHost(url: string, options: HostOptions): Promise<OldClient> {
  const client = new OldClient(info, { capabilities: options.capabilities ?? {} });
  const address = new URL(options.path ?? '/mcp', url);
  await client.connect(new OldTransport(address, { requestInit: requestInit(options) }));
  return client;
}

/** One JSON-RPC request without a client library, as a program in any language sends it. */
export async function plainRequest(
  url: string,
  { key, path = '/mcp', headers }: HostOptions,
  message: object | string,
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> }> {
  const answer = await fetch(new URL(path, url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: readBody(text) };
}

/** The message in an answer: JSON, or the last event of a stream. */
function readBody(text: string): Record<string, unknown> {
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  const json = lines.at(-1)?.slice('data: '.length) ?? text;
  return json === '' ? {} : (JSON.parse(json) as Record<string, unknown>);
}

/** A request of the revision 2026-07-28 with its headers. */
export function modernRequest(
  id: number,
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  meta: object = {},
  capabilities: object = {},
): { readonly headers: Record<string, string>; readonly message: object } {
  const name = params['name'] ?? params['taskId'];
  return {
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    },
    message: {
      jsonrpc: '2.0',
      id,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': capabilities,
          'io.modelcontextprotocol/clientInfo': info,
          ...meta,
        },
      },
    },
  };
}
