/** The files of a new folder of tools: a tool, a test of it, and a README. */
export function firstToolFiles(folder: string): Readonly<Record<string, string>> {
  return { 'echo-text.ts': tool, 'echo-text.test.mjs': test, 'README.md': readme(folder) };
}

const tool = `import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

export const echoText = defineTool({
  slug: 'echo_text',
  version: '1.0.0',
  // Your API. Requests go to this address and to no other.
  provider: { slug: 'echo', baseUrl: 'http://127.0.0.1:3000' },
  description: 'Sends a text to the echo service, which answers with it. Changes nothing.',
  input: z.strictObject({ text: z.string().describe('The text.') }),
  http: { method: 'POST', path: '/echo' },
  effect: { class: 'read' },
});
`;

const test = `// Run it beside \`mesh dev\`: node --test <this folder>
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { promisify } from 'node:util';

// The command of the mesh. It finds the address and the key by itself, and MESH_COMMAND replaces it.
const [program, ...words] = process.env.MESH_COMMAND?.split(' ') ?? ['npx', 'mesh'];

/** Runs the tool for the user ada, and returns the outcome. */
async function callTool(...options) {
  const call = [...words, 'call', 'echo_text', '-a', 'text=hello', '--user', 'ada', '--json', ...options];
  const { stdout } = await promisify(execFile)(program, call);
  return JSON.parse(stdout);
}

test('echo_text sends its text to the echo service', async () => {
  // A dry run builds the exact request and sends nothing.
  const { status, preview } = await callTool('--dry-run');
  assert.equal(status, 'dry_run');
  assert.equal(preview.request.method, 'POST');
  assert.match(preview.request.url, /\\/echo$/);
  assert.equal(preview.request.body, '{"text":"hello"}');
});

test('echo_text returns the answer of the service', async () => {
  // Stands for your API at the \`baseUrl\` of the tool.
  const service = createServer((request, response) => {
    response.setHeader('content-type', request.headers['content-type']);
    request.pipe(response);
  });
  service.listen(3000, '127.0.0.1');
  await once(service, 'listening');
  try {
    const { status, result } = await callTool();
    assert.equal(status, 'succeeded');
    assert.deepEqual(result, { text: 'hello' });
  } finally {
    service.closeAllConnections();
    service.close();
  }
});
`;

const readme = (folder: string): string => `# Tools

\`mesh dev ${folder}\` starts a mesh with the tools of this folder. Edits apply at once; a file with an error keeps its former tools, and the
mesh names file and line.

- \`echo-text.ts\` is a tool. Change \`baseUrl\`, \`path\` and \`input\` to those of your API.
- \`echo-text.test.mjs\` checks the request of the tool, and runs it against an echo service of its own on port 3000, while the mesh
  runs: \`node --test ${folder}\`.
- \`mesh call echo_text -a text=hello --user ada\` runs it against your API, and \`mesh calls why <id>\` explains the call.
`;
