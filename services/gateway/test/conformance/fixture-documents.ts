import { ResourceTemplate, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

import { embedded, image, pixel, textBlock } from './fixture-content.js';

/** The prompts and resources whose names and contents the conformance suite knows. */
export function addDocuments(mcp: McpServer): void {
  const user = (...content: ReturnType<typeof textBlock>[]) => ({
    messages: content.map((each) => ({ role: 'user' as const, content: each })),
  });
  const prompt = (name: string, ...content: ReturnType<typeof textBlock>[]): void => {
    mcp.registerPrompt(name, { description: `The fixture ${name}.` }, () => user(...content));
  };
  prompt('test_simple_prompt', textBlock('This is a simple prompt for testing.'));
  prompt('test_prompt_with_image', image, textBlock('Please analyze the image above.'));
  mcp.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'A prompt with arguments.', argsSchema: z.object({ arg1: z.string(), arg2: z.string() }) },
    ({ arg1, arg2 }) => user(textBlock(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  );
  mcp.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'A prompt with a resource.', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) =>
      user(
        embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.'),
        textBlock('Please process the embedded resource above.'),
      ),
  );
  const about = (name: string, mimeType: string) => ({ description: `The fixture ${name}.`, mimeType });
  mcp.registerResource(
    'static-text',
    'test://static-text',
    about('static-text', 'text/plain'),
    ({ href }) => ({
      contents: [
        { uri: href, mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
      ],
    }),
  );
  mcp.registerResource(
    'static-binary',
    'test://static-binary',
    about('static-binary', 'image/png'),
    ({ href }) => ({
      contents: [{ uri: href, mimeType: 'image/png', blob: pixel }],
    }),
  );
  mcp.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    about('template', 'application/json'),
    ({ href }, { id }) => ({
      contents: [
        {
          uri: href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  );
}
