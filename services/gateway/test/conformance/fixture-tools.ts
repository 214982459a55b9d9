import { setTimeout as sleep } from 'node:timers/promises';

import {
  fromJsonSchema,
  inputRequired,
  type InMemoryServerEventBus,
  type McpServer,
  type ServerContext,
  type ToolCallback,
} from '@modelcontextprotocol/server';

import { audio, embedded, image, result, textBlock } from './fixture-content.js';

/** The tools whose names and answers the conformance suite knows. */
export function addFixtureTools(mcp: McpServer, bus: InMemoryServerEventBus): void {
  const tool = (name: string, run: ToolCallback): void => {
    mcp.registerTool(name, { description: `The fixture ${name}.` }, run);
  };
  tool('test_simple_text', () => result(textBlock('This is a simple text response for testing.')));
  tool('test_image_content', () => result(image));
  tool('test_audio_content', () => result(audio));
  tool('test_embedded_resource', () =>
    result(embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')),
  );
  tool('test_multiple_content_types', () =>
    result(
      textBlock('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ),
  );
  tool('test_error_handling', () => ({
    ...result(textBlock('This tool intentionally returns an error for testing')),
    isError: true,
  }));
  tool('test_tool_with_progress', withProgress);
  tool('test_tool_with_logging', withLogging);
  tool('test_logging_tool', withLogging);
  tool('test_missing_capability', () => inputRequired({ inputRequests: { answer: sampling('Hello') } }));
  tool('test_streaming_elicitation', async (ctx) => {
    await withProgress(ctx);
    return result(textBlock('done'));
  });
  tool('test_trigger_tool_change', () => {
    bus.publish({ kind: 'tools_list_changed' });
    return result(textBlock('changed'));
  });
  tool('test_trigger_prompt_change', () => {
    bus.publish({ kind: 'prompts_list_changed' });
    return result(textBlock('changed'));
  });
  mcp.registerTool(
    'json_schema_2020_12_tool',
    {
      description: 'Tool with JSON Schema 2020-12 features',
      inputSchema: fromJsonSchema({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        $defs: {
          address: {
            type: 'object',
            properties: { street: { type: 'string' }, city: { type: 'string' } },
          },
        },
        properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
        additionalProperties: false,
      }),
    },
    () => result(textBlock('done')),
  );
}

/** The member of `_meta` that asks for messages. */
const logLevelKey = 'io.modelcontextprotocol/logLevel';

/** A question for the model of the client. */
export function sampling(question: string): ReturnType<typeof inputRequired.createMessage> {
  const content = { type: 'text', text: question } as const;
  return inputRequired.createMessage({ messages: [{ role: 'user', content }], maxTokens: 100 });
}

async function withProgress({ mcpReq }: ServerContext) {
  const progressToken = mcpReq._meta?.progressToken;
  for (const progress of [0, 50, 100]) {
    if (progressToken !== undefined)
      await mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress, total: 100 },
      });
    await sleep(50);
  }
  return result(textBlock('Progress was reported.'));
}

async function withLogging({ mcpReq }: ServerContext) {
  // From 2026-07-28 on, each request says whether it wants messages.
  const isWanted = mcpReq.envelope === undefined || logLevelKey in mcpReq.envelope;
  for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
    if (isWanted)
      await mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data: line } });
    await sleep(50);
  }
  return result(textBlock('Messages were logged.'));
}
