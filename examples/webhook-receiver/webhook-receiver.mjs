// Receives outcomes by webhook and verifies them by the library of Standard Webhooks.
//
//   MESH_URL   the address of the gateway, http://127.0.0.1:8080 by default
//   MESH_KEY   a key with the scopes calls:write and webhooks:admin; by default the key of `npm start`
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import { Webhook } from 'standardwebhooks';

const mesh = process.env['MESH_URL'] ?? 'http://127.0.0.1:8080';
const key = process.env['MESH_KEY'] ?? readFileSync('.mesh/data/api-key', 'utf8').trim();
const run = randomUUID();

async function ask(method, path, body) {
  const response = await fetch(`${mesh}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

let secret = '';
const known = new Set();
let arrived = () => undefined;
const first = new Promise((resolve) => (arrived = resolve));

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  try {
    // The signature covers the raw body, so nothing parses it before.
    const { type, data } = new Webhook(secret).verify(body, request.headers);
    response.writeHead(204).end();
    // A message can come again, with the same id.
    const id = request.headers['webhook-id'];
    if (known.has(id)) return;
    known.add(id);
    console.log(`verified ${type} ${JSON.stringify(data)}`);
    arrived();
  } catch (error) {
    console.log(`refused: ${error.message}`);
    response.writeHead(401).end();
  }
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}/`;

// 1. The mesh reports the outcomes of this run here.
const endpoint = await ask('POST', '/v1/webhook-endpoints', {
  url,
  filter: { runs: [run], statuses: ['succeeded'] },
});
secret = endpoint.secret;

// 2. A request without a signature is refused.
const forged = await fetch(url, { method: 'POST', body: '{"type":"call.succeeded"}' });
console.log(`forged ${forged.status}`);

// 3. A call ends, and its outcome arrives.
await ask('POST', '/v1/calls', {
  user_id: 'ada',
  agent: { id: 'webhook-receiver', run_id: run },
  tool: { slug: 'slack_post_message' },
  arguments: { channel: '#releases', text: 'Build 816 is green.' },
});
await first;

await ask('DELETE', `/v1/webhook-endpoints/${endpoint.id}`);
server.close();
server.closeAllConnections();
