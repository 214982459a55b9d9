import { meshTools as aiSdkTools } from '@action-mesh/ai-sdk';
import { newId } from '@action-mesh/kernel';
import { meshTools as langChainTools } from '@action-mesh/langchain';
import { meshTools as llamaIndexTools } from '@action-mesh/llamaindex';
import { meshTools as mastraTools } from '@action-mesh/mastra';
import { meshTools as openAiAgentTools } from '@action-mesh/openai-agents';
import { ActionMesh, AuthenticationError } from '@action-mesh/sdk';
import { jest } from '@jest/globals';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, HumanMessage, type BaseMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { MessagesAnnotation, StateGraph } from '@langchain/langgraph';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { Agent, Runner, setTracingDisabled } from '@openai/agents';
import { generateText, stepCountIs } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';

import { startMesh, type MeshHarness } from '../src/testing/mesh-harness.js';

jest.setTimeout(60_000);

/** Real frameworks with models that follow a script, on a real mesh. */

let harness: MeshHarness;
let mesh: ActionMesh;
const wrongKey = (): ActionMesh =>
  new ActionMesh({ baseUrl: harness.mesh.gatewayUrl, apiKey: 'mesh_dev_wrong' });

beforeAll(async () => {
  harness = await startMesh({ form: 'one process' });
  mesh = new ActionMesh({ baseUrl: harness.mesh.gatewayUrl, apiKey: harness.mesh.apiKey });
  setTracingDisabled(true);
}, 120_000);

beforeEach(() => harness.oracle.reset());

afterAll(() => harness.close(), 60_000);

const slugs = ['post_message'];
const good = { channel: '#x', text: 'by an agent' };
const bad = { channel: 7 };
const effects = async (): Promise<number> => (await harness.oracle.effects()).effects;

describe('an agent of the AI SDK', () => {
  /** The model calls the tool with right and wrong arguments at once, then ends. */
  function scripted(seen: unknown[]): MockLanguageModelV3 {
    const usage = {
      inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 1, text: 1, reasoning: 0 },
    };
    const call = (toolCallId: string, input: object) =>
      ({ type: 'tool-call', toolCallId, toolName: 'post_message', input: JSON.stringify(input) }) as const;
    return new MockLanguageModelV3({
      doGenerate: ({ prompt }) => {
        const results = prompt.flatMap((message) => (message.role === 'tool' ? message.content : []));
        seen.push(...results);
        return Promise.resolve(
          results.length === 0
            ? {
                content: [call('c1', good), call('c2', bad)],
                finishReason: { unified: 'tool-calls', raw: undefined },
                usage,
                warnings: [],
              }
            : {
                content: [{ type: 'text', text: 'done' }],
                finishReason: { unified: 'stop', raw: undefined },
                usage,
                warnings: [],
              },
        );
      },
    });
  }

  it('runs tools of the mesh, and its model reads results and refusals', async () => {
    const seen: unknown[] = [];
    const tools = await aiSdkTools(mesh, { userId: 'ada', runId: newId(), slugs });
    const { text } = await generateText({
      model: scripted(seen),
      tools,
      prompt: 'Post it.',
      stopWhen: stepCountIs(3),
    });
    expect([text, await effects()]).toEqual(['done', 1]);
    expect(JSON.stringify(seen[1])).toContain('/arguments/channel');
  });

  it('whose run has no id takes the id of the tool call as key (I2)', async () => {
    const tools = await aiSdkTools(mesh, { userId: 'ada', slugs });
    for (let round = 0; round < 2; round++)
      await generateText({ model: scripted([]), tools, prompt: 'Post it.', stopWhen: stepCountIs(3) });
    expect(await effects()).toBe(1);
  });
});

describe('an agent of LangGraph', () => {
  class ScriptedModel extends BaseChatModel {
    _llmType(): string {
      return 'scripted';
    }
    override bindTools(): this {
      return this;
    }
    _generate(messages: BaseMessage[]): Promise<ChatResult> {
      const isFirst = !messages.some((message) => message.type === 'tool');
      const calls = [good, bad].map((args, n) => ({
        id: `c${n}`,
        name: 'post_message',
        args,
        type: 'tool_call' as const,
      }));
      const message = new AIMessage(isFirst ? { content: '', tool_calls: calls } : 'done');
      return Promise.resolve({ generations: [{ message, text: '' }] });
    }
  }

  it('runs tools of the mesh, and its model reads results and mistakes', async () => {
    const tools = await langChainTools(mesh, { userId: 'ada', runId: newId(), slugs });
    const model = new ScriptedModel({});
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('model', async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addNode('tools', new ToolNode(tools))
      .addEdge('__start__', 'model')
      .addConditionalEdges('model', ({ messages }) =>
        (messages.at(-1) as AIMessage).tool_calls?.length ? 'tools' : '__end__',
      )
      .addEdge('tools', 'model')
      .compile();
    const { messages } = await graph.invoke({ messages: [new HumanMessage('Post it.')] });
    const answers = messages.filter((message) => message.type === 'tool').map(({ text }) => text);
    expect([answers.length, await effects(), messages.at(-1)?.content]).toEqual([2, 1, 'done']);
    // LangChain checks arguments against the schema before the mesh does.
    expect(answers.join()).toContain('did not match expected schema');
  });
});

describe('an agent of the OpenAI Agents SDK', () => {
  function runner(seen: unknown[]): Runner {
    const usage = { requests: 1, inputTokens: 1, outputTokens: 1, totalTokens: 2 };
    const model = {
      getResponse: ({ input }: { readonly input: unknown }) => {
        const results = (Array.isArray(input) ? input : []).filter(
          (item: { readonly type?: string }) => item.type === 'function_call_result',
        );
        seen.push(...(results as unknown[]));
        const calls = [good, bad].map((args, n) => ({
          type: 'function_call',
          callId: `c${n}`,
          name: 'post_message',
          arguments: JSON.stringify(args),
          status: 'completed',
        }));
        const message = {
          type: 'message',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'done' }],
        };
        return Promise.resolve({ usage, output: results.length === 0 ? calls : [message] });
      },
    };
    return new Runner({ modelProvider: { getModel: () => model as never }, tracingDisabled: true });
  }

  it('runs tools of the mesh, and its model reads results and refusals', async () => {
    const seen: unknown[] = [];
    const tools = await openAiAgentTools(mesh, { userId: 'ada', runId: newId(), slugs });
    const agent = new Agent({ name: 'poster', tools });
    const { finalOutput } = await runner(seen).run(agent, 'Post it.');
    expect([finalOutput, await effects()]).toEqual(['done', 1]);
    expect(JSON.stringify(seen)).toContain('/arguments/channel');
  });

  it('does not hide a wrong key from the program', async () => {
    const [tool] = await openAiAgentTools(mesh, { userId: 'ada', runId: newId(), slugs });
    expect(tool?.name).toBe('post_message');
    await expect(openAiAgentTools(wrongKey(), { userId: 'ada' })).rejects.toThrow(AuthenticationError);
  });
});

describe('a tool for LlamaIndex.TS', () => {
  it('runs on the mesh once in a run, and its model reads results and refusals', async () => {
    const [tool] = await llamaIndexTools(mesh, { userId: 'ada', runId: newId(), slugs });
    expect(tool?.metadata).toMatchObject({ name: 'post_message', parameters: { type: 'object' } });
    await tool?.call(good);
    const again = await tool?.call(good);
    expect([typeof again, await effects()]).toEqual(['string', 1]);
    expect(await tool?.call(bad)).toContain('/arguments/channel');
  });
});

describe('a tool for Mastra', () => {
  it('takes the arguments as both versions of Mastra give them, and runs once in a run', async () => {
    const { post_message: tool } = await mastraTools(mesh, { userId: 'ada', runId: newId(), slugs });
    expect(tool).toMatchObject({ id: 'post_message', inputSchema: { type: 'object' } });
    await tool?.execute({ context: good, runtimeContext: new Map() }, { toolCallId: 'c1' });
    await tool?.execute(good, { agent: { toolCallId: 'c2' } });
    expect(await effects()).toBe(1);
    expect(await tool?.execute(bad)).toContain('/arguments/channel');
  });
});
