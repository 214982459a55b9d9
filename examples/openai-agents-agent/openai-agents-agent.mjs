// An agent of the OpenAI Agents SDK that posts a message by a tool of the mesh. Its model follows a script; put your own in.
//
//   MESH_URL   the address of the gateway, http://127.0.0.1:8080 by default
//   MESH_KEY   a key with the scopes calls:write and tools:read; by default the key of `npm start`
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { meshTools } from '@action-mesh/openai-agents';
import { ActionMesh } from '@action-mesh/sdk';
import { Agent, Runner } from '@openai/agents';

const apiKey = process.env['MESH_KEY'] ?? readFileSync('.mesh/data/api-key', 'utf8');
const mesh = new ActionMesh({ apiKey });
const tools = await meshTools(mesh, { userId: 'ada', runId: randomUUID(), slugs: ['slack_post_message'] });

const agent = new Agent({ name: 'releases', instructions: 'Tell people about releases.', tools });
const runner = new Runner({ modelProvider: { getModel: scriptedModel }, tracingDisabled: true });
const { newItems, finalOutput } = await runner.run(agent, 'Tell #releases that build 823 is green.');
for (const item of newItems) if (item.type === 'tool_call_output_item') console.log('result', item.output);
console.log(JSON.stringify({ status: finalOutput === 'Done.' ? 'succeeded' : 'failed', text: finalOutput }));

/** Two equal tool calls, then an answer. Without `modelProvider`, the SDK asks a model of OpenAI. */
function scriptedModel() {
  const text = JSON.stringify({ channel: '#releases', text: 'Build 823 is green.' });
  const calls = ['call_1', 'call_2'].map((callId) => ({
    type: 'function_call',
    callId,
    name: 'slack_post_message',
    arguments: text,
    status: 'completed',
  }));
  const answer = {
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'Done.' }],
  };
  const usage = { requests: 1, inputTokens: 0, outputTokens: 0, totalTokens: 0 };
  return {
    getResponse: async ({ input }) => ({
      usage,
      output: [input].flat().some(({ type }) => type === 'function_call_result') ? [answer] : calls,
    }),
  };
}
