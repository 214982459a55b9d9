import { toolDeclarations, type DeclaredTool } from '../src/tool-declarations.js';
import { diagnosticsOf } from './type-check.js';

const post: DeclaredTool = {
  slug: 'post_message',
  title: 'Post a message',
  description: 'Posts a message. */ ends no comment.',
  input: {
    type: 'object',
    properties: {
      channel: { type: 'string', description: 'The channel.' },
      text: { type: 'string', maxLength: 10 },
      urgency: { enum: ['low', 'high', 3, null] },
      'reply-to': { type: ['integer', 'null'] },
      thread: { $ref: '#/$defs/thread' },
    },
    required: ['channel', 'text'],
    additionalProperties: false,
    $defs: {
      thread: {
        type: 'object',
        properties: { id: { type: 'string' }, parent: { $ref: '#/$defs/thread' } },
        required: ['id'],
      },
    },
  },
  output: { type: 'object', properties: { ts: { type: 'number' } }, required: ['ts'] },
};
const list: DeclaredTool = {
  slug: 'list_things',
  input: {
    anyOf: [
      { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
      {
        type: 'object',
        properties: { ids: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'integer' }] } } },
      },
    ],
  },
};

/** The declarations with a program that uses them. */
const check = (tools: readonly DeclaredTool[], program: string): string[] =>
  diagnosticsOf({
    'node_modules/@action-mesh/sdk/index.d.ts': 'export interface ToolTypes {}\n',
    'node_modules/@action-mesh/sdk/package.json': '{"name":"@action-mesh/sdk","types":"index.d.ts"}',
    'mesh-tools.ts': toolDeclarations(tools),
    'program.ts': `import type { ToolTypes } from '@action-mesh/sdk';\nimport './mesh-tools.js';\n${program}\n`,
  });

describe('the declarations of tools', () => {
  it('compile, and take the arguments that the tools take', () => {
    const program = `
      const a: ToolTypes['post_message']['input'] = {
        channel: '#x', text: 'hi', urgency: 'low', 'reply-to': null, thread: { id: '1', parent: { id: '2' } },
      };
      const ts: number = ({} as ToolTypes['post_message']['output']).ts;
      const b: ToolTypes['list_things']['input'] = { ids: ['a', 1] };
      const c: ToolTypes['list_things']['output'] = a;`;
    expect(check([post, list], program)).toEqual([]);
  });

  it('refuse arguments that the tools refuse', () => {
    const wrong = [
      ['{ channel: "#x" }', 'text'],
      ['{ channel: "#x", text: 1 }', 'number'],
      ['{ channel: "#x", text: "", urgency: "medium" }', 'medium'],
      ['{ channel: "#x", text: "", more: 1 }', 'more'],
      ['{ channel: "#x", text: "", thread: { id: "1", parent: {} } }', 'id'],
    ];
    const lines = wrong.map(
      ([value], n) => `const a${n}: ToolTypes['post_message']['input'] = ${value ?? ''};`,
    );
    expect(check([post], lines.join('\n'))).toEqual(
      wrong.map(([, word]) => expect.stringContaining(word ?? '') as string),
    );
  });

  it('are the same for the same tools in any order', () => {
    expect(toolDeclarations([list, post])).toBe(toolDeclarations([post, list]));
  });

  it('of tools with names that look alike keep their types apart', () => {
    const named = (slug: string, type: string): DeclaredTool => ({
      slug,
      input: { type: 'object', properties: { id: { $ref: '#/$defs/id' } }, $defs: { id: { type } } },
    });
    const alike = [named('notes2', 'string'), named('notes_2', 'number'), named('notes__2', 'boolean')];
    const program = `
      const a: ToolTypes['notes2']['input'] = { id: 'x' };
      const b: ToolTypes['notes_2']['input'] = { id: 2 };
      const c: ToolTypes['notes__2']['input'] = { id: true };`;
    expect(check(alike, program)).toEqual([]);
  });

  it('of hostile schemas compile too', () => {
    let deep: object = { type: 'string' };
    for (let level = 0; level < 5_000; level++) deep = { type: 'array', items: deep };
    const hostile: DeclaredTool[] = [
      { slug: 'deep', input: deep },
      {
        slug: 'loop',
        input: { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } },
      },
      { slug: 'all', input: { $ref: '#', allOf: [{ $ref: '#' }, { type: 'object' }] } },
      {
        slug: 'names',
        input: { properties: { 'a*/': { description: '*/ }' }, __proto__: {}, 'a"b\n': { const: '`${x}' } } },
      },
      {
        slug: 'odd',
        description: 'line\u2028break',
        input: { type: 'array', prefixItems: [{ enum: ['a', 'b'] }, true], items: false },
      },
      { slug: 'nothing', input: { enum: [] }, output: false },
      {
        slug: 'gone',
        input: { $ref: '#/$defs/none/%ZZ', properties: { a: { $ref: 'https://x.example/y' } } },
      },
    ];
    expect(check(hostile, '')).toEqual([]);
  });
});
