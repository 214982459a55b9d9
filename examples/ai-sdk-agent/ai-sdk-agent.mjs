// An agent of the Vercel AI SDK that posts a message by a tool of the mesh. Its model follows a script; put your own in.
//
//   MESH_URL   the address of the gateway, http://127.0.0.1:8080 by default
//   MESH_KEY   a key with the scopes calls:write and tools:read; by default the key of `npm start`
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { meshTools } from '@action-mesh/ai-sdk';
import { ActionMesh } from '@action-mesh/sdk';
import { generateText, stepCountIs } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';

const apiKey = process.env['MESH_KEY'] ?? readFileSync('.mesh/data/api-key', 'utf8');
const mesh = new ActionMesh({ apiKey });
const tools = await meshTools(mesh, { userId: 'ada', runId: randomUUID(), slugs: ['slack_post_message'] });

const { text } = await generateText({
  model: scriptedModel(),
  tools,
  prompt: 'Tell #releases that build 821 is green.',
  stopWhen: stepCountIs(5),
  onStepFinish: ({ toolResults }) => toolResults.forEach(({ output }) => console.log('result', output)),
});
console.log(JSON.stringify({ status: text === 'Done.' ? 'succeeded' : 'failed', text }));

/** Two equal tool calls, then an answer. A model of a vendor goes in its place: `openai('gpt-…')`. */
function scriptedModel() {
  const input = JSON.stringify({ channel: '#releases', text: 'Build 821 is green.' });
  const calls = ['call_1', 'call_2'].map((toolCallId) => ({
    type: 'tool-call',
    toolCallId,
    toolName: 'slack_post_message',
    input,
  }));
  const usage = { inputTokens: { total: 0 }, outputTokens: { total: 0 } };
  return new MockLanguageModelV3({
    doGenerate: async ({ prompt }) =>
      prompt.some(({ role }) => role === 'tool')
        ? {
            content: [{ type: 'text', text: 'Done.' }],
            finishReason: { unified: 'stop' },
            usage,
            warnings: [],
          }
        : { content: calls, finishReason: { unified: 'tool-calls' }, usage, warnings: [] },
  });
}
