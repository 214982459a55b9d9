/**
 * An MCP host of one file: it lists the tools of the mesh, calls one, and repeats the request. Run it beside `npm start`.
 */
import { readFileSync } from 'node:fs';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const url = new URL('/mcp?tools=slack_post_message', process.env.MESH_URL ?? 'http://127.0.0.1:8080');
const key = process.env.MESH_KEY ?? readFileSync('.mesh/data/api-key', 'utf8').trim();

// `auto` finds the newest revision that both sides speak.
const client = new Client({ name: 'mcp-client', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
await client.connect(
  new StreamableHTTPClientTransport(url, {
    requestInit: { headers: { authorization: `Bearer ${key}`, 'mesh-user-id': 'ada' } },
  }),
);
console.log(`connected, revision ${client.getNegotiatedProtocolVersion()}`);

const { tools } = await client.listTools();
for (const { name, annotations } of tools)
  console.log(`tool ${name}${annotations?.readOnlyHint === true ? ', only reads' : ''}`);

const call = {
  name: 'slack_post_message',
  arguments: { channel: '#releases', text: `MCP says hello at ${new Date().toISOString()}.` },
  // One key is one message, however often the request arrives.
  _meta: { 'action-mesh/call': { idempotency_key: `hello-${Date.now()}` } },
};
const first = await client.callTool(call);
console.log(`called ${JSON.stringify({ isError: first.isError ?? false, ...first._meta })}`);
console.log(first.content[0].text);

const again = await client.callTool(call);
console.log(`again ${JSON.stringify({ isError: again.isError ?? false, ...again._meta })}`);

await client.close();
