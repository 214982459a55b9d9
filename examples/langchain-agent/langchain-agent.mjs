// An agent of LangGraph that posts a message by a tool of the mesh. Its model follows a script; put your own in.
//
//   MESH_URL   the address of the gateway, http://127.0.0.1:8080 by default
//   MESH_KEY   a key with the scopes calls:write and tools:read; by default the key of `npm start`
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { meshTools } from '@action-mesh/langchain';
import { ActionMesh } from '@action-mesh/sdk';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { MessagesAnnotation, StateGraph } from '@langchain/langgraph';
import { ToolNode, toolsCondition } from '@langchain/langgraph/prebuilt';

const apiKey = process.env['MESH_KEY'] ?? readFileSync('.mesh/data/api-key', 'utf8');
const mesh = new ActionMesh({ apiKey });
const tools = await meshTools(mesh, { userId: 'ada', runId: randomUUID(), slugs: ['slack_post_message'] });

const graph = new StateGraph(MessagesAnnotation)
  .addNode('model', ({ messages }) => ({ messages: [scriptedModel(messages)] }))
  .addNode('tools', new ToolNode(tools))
  .addEdge('__start__', 'model')
  .addConditionalEdges('model', toolsCondition)
  .addEdge('tools', 'model')
  .compile();

const { messages } = await graph.invoke({
  messages: [new HumanMessage('Tell #releases that build 822 is green.')],
});
for (const message of messages) if (message.type === 'tool') console.log('result', message.text);
const text = messages.at(-1).text;
console.log(JSON.stringify({ status: text === 'Done.' ? 'succeeded' : 'failed', text }));

/** Two equal tool calls, then an answer. A model goes in its place: `model.bindTools(tools).invoke(messages)`. */
function scriptedModel(history) {
  if (history.some(({ type }) => type === 'tool')) return new AIMessage('Done.');
  const args = { channel: '#releases', text: 'Build 822 is green.' };
  const calls = ['call_1', 'call_2'].map((id) => ({
    id,
    name: 'slack_post_message',
    args,
    type: 'tool_call',
  }));
  return new AIMessage({ content: '', tool_calls: calls });
}
