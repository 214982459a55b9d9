// Submits calls and prints their outcomes as they come, by a plain EventSource.
//
//   MESH_URL   the address of the gateway, http://127.0.0.1:8080 by default
//   MESH_KEY   a key with the scopes calls:write and calls:read; by default the key of `npm start`
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { EventSource } from 'eventsource';

const mesh = process.env['MESH_URL'] ?? 'http://127.0.0.1:8080';
const key = process.env['MESH_KEY'] ?? readFileSync('.mesh/data/api-key', 'utf8').trim();
const authorization = `Bearer ${key}`;
const run = randomUUID();

/** Submits a call without waiting for it. */
async function submit(text) {
  const response = await fetch(`${mesh}/v1/calls`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({
      user_id: 'ada',
      agent: { id: 'outcome-stream', run_id: run },
      tool: { slug: 'slack_post_message' },
      arguments: { channel: '#releases', text },
    }),
  });
  const call = await response.json();
  console.log(`submitted ${JSON.stringify(call)}`);
  return call.call_id;
}

/** The present connection of the stream, so that this example can break it. */
let connection = new AbortController();

const stream = new EventSource(`${mesh}/v1/outcomes?run_id=${run}`, {
  fetch: (address, init) => {
    connection = new AbortController();
    const last = init.headers['Last-Event-ID'];
    console.log(last === undefined ? 'connects' : `connects again, behind ${last}`);
    return fetch(address, {
      ...init,
      headers: { ...init.headers, authorization },
      signal: AbortSignal.any([init.signal, connection.signal]),
    });
  },
});

/** Resolves with the outcome of a call. */
const outcomes = new Map();
let wake = () => undefined;
async function outcomeOf(callId) {
  while (!outcomes.has(callId)) await new Promise((resolve) => (wake = resolve));
  return outcomes.get(callId);
}

stream.addEventListener('outcome', ({ data }) => {
  console.log(`outcome ${data}`);
  const outcome = JSON.parse(data);
  // `waiting` and `indeterminate` are not the end of a call.
  if (['waiting', 'indeterminate'].includes(outcome.status)) return;
  outcomes.set(outcome.call_id, outcome);
  wake();
});
// The log of the mesh has dropped outcomes: read the list of calls from `since` on.
stream.addEventListener('gap', ({ data }) => console.log(`gap ${data}`));
// The gateway ends the stream, for example because it stops. The library connects again by itself.
stream.addEventListener('end', ({ data }) => console.log(`end ${data}`));

// 1. A call whose outcome arrives on the stream.
await new Promise((resolve) => stream.addEventListener('open', resolve, { once: true }));
await outcomeOf(await submit('Build 814 is green.'));

// 2. The connection breaks, and a call ends meanwhile. The library sends the last id, and the stream tells the rest.
connection.abort(new Error('the network broke'));
await outcomeOf(await submit('Build 815 is green.'));

stream.close();
