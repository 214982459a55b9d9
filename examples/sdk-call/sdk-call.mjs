// Runs a tool by the SDK, lets a model call it, and follows the outcomes.
//
//   MESH_URL   the address of the gateway, http://127.0.0.1:8080 by default
//   MESH_KEY   a key with the scopes calls:write, calls:read and tools:read; by default the key of `npm start`
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { ActionMesh, MeshError } from '@action-mesh/sdk';

const apiKey = process.env['MESH_KEY'] ?? readFileSync('.mesh/data/api-key', 'utf8');
const mesh = new ActionMesh({ apiKey });
const run = { userId: 'ada', runId: randomUUID() };

// 1. A call, and its repetition within the run: the outcome is a value, and the provider sees one request.
const message = { channel: '#releases', text: 'Build 818 is green.' };
console.log(JSON.stringify(await mesh.tools.execute('slack_post_message', message, run)));
console.log(JSON.stringify(await mesh.tools.execute('slack_post_message', message, run)));

// 2. The response of a model with a tool call. The answer goes back to the model.
const toolCall = {
  id: 'call_1',
  type: 'function',
  function: {
    name: 'slack_post_message',
    arguments: JSON.stringify({ ...message, text: 'Build 819 is green.' }),
  },
};
const response = { choices: [{ message: { tool_calls: [toolCall] } }] };
console.log(JSON.stringify(await mesh.tools.handleToolCalls(response, run)));

// 3. A mistake is an error with a code and a step that helps.
try {
  await mesh.tools.execute('slack_post_mesage', message, run);
} catch (error) {
  if (!(error instanceof MeshError)) throw error;
  console.log(error.code, error.fixes);
}

// 4. Outcomes as they come, from a place on: `lastEventId` of a stream continues it after a restart.
const { cursor } = await mesh.outcomes.read({ run_id: run.runId });
await mesh.tools.execute(
  'slack_post_message',
  { ...message, text: 'Build 820 is green.' },
  { ...run, waitMs: 0 },
);
for await (const outcome of mesh.outcomes.subscribe({ runId: run.runId }, { lastEventId: cursor })) {
  console.log('from the stream:', outcome.status);
  break;
}
