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

const test = `// Checks the exact request of the tool by a dry run: nothing is sent. Run it beside \`mesh dev\`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const mesh = process.env.MESH_COMMAND?.split(' ') ?? ['npx', 'mesh'];

test('echo_text sends its text to the echo service', () => {
  const [program, ...words] = mesh;
  const call = [...words, 'call', 'echo_text', '-a', 'text=hello', '--user', 'ada', '--dry-run', '--json'];
  const { status, preview } = JSON.parse(execFileSync(program, call, { encoding: 'utf8' }));
  assert.equal(status, 'dry_run');
  assert.equal(preview.request.method, 'POST');
  assert.match(preview.request.url, /\\/echo$/);
  assert.equal(preview.request.body, '{"text":"hello"}');
});
`;

const readme = (folder: string): string => `# Tools

\`mesh dev ${folder}\` starts a mesh with the tools of this folder. Edits apply at once; a file with an error keeps its former tools, and the
mesh names file and line.

- \`echo-text.ts\` is a tool. Change \`baseUrl\`, \`path\` and \`input\` to those of your API.
- \`echo-text.test.mjs\` checks the request of the tool while the mesh runs: \`node --test ${folder}\`.
- \`mesh call echo_text -a text=hello --user ada\` runs it, and \`mesh calls why <id>\` explains the call.
`;
