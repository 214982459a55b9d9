import { readFileSync } from 'node:fs';

import { Ajv2020 } from 'ajv/dist/2020.js';

import { toolForms } from './projection.js';
import { projectAnswer, type ModelAnswer } from './result-form.js';

const exact = '{"id":7615917337495251231,"ratio":1.10}';
const answer: ModelAnswer = { name: 'crm_find', toolCallId: 'call_1', isError: false, json: exact };
const error: ModelAnswer = { ...answer, isError: true, json: '{"is_error":true,"message":"no"}' };

const profile = readFileSync(new URL('../profiles/answers.json', import.meta.url), 'utf8');
const ajv = new Ajv2020({ strict: false }).addSchema(JSON.parse(profile) as object, 'answers');

describe('the answer to a tool call', () => {
  it.each(['openai', 'openai_chat', 'anthropic', 'gemini'] as const)(
    "fits the vendor's types in the form %s",
    (form) => {
      for (const each of [answer, error]) {
        const projected = JSON.parse(projectAnswer(each, form)) as Record<string, unknown>;
        expect(ajv.validate(`answers#/$defs/${form}`, projected)).toBe(true);
        expect(ajv.validate(`answers#/$defs/${form}`, { ...projected, other: 1 })).toBe(false);
      }
    },
  );

  it('of the Responses API of OpenAI is a function_call_output', () => {
    expect(JSON.parse(projectAnswer(answer, 'openai'))).toEqual({
      type: 'function_call_output',
      call_id: 'call_1',
      output: exact,
    });
  });

  it('of Chat Completions is a message with the role tool', () => {
    expect(JSON.parse(projectAnswer(answer, 'openai_chat'))).toEqual({
      role: 'tool',
      tool_call_id: 'call_1',
      content: exact,
    });
  });

  it('of Anthropic is a tool_result with an error flag', () => {
    const shape = { type: 'tool_result', tool_use_id: 'call_1' };
    expect(JSON.parse(projectAnswer(answer, 'anthropic'))).toEqual({
      ...shape,
      content: exact,
      is_error: false,
    });
    expect(JSON.parse(projectAnswer(error, 'anthropic'))).toEqual({
      ...shape,
      content: error.json,
      is_error: true,
    });
  });

  it('of Gemini is a functionResponse with an output or an error', () => {
    expect(projectAnswer(answer, 'gemini')).toBe(
      `{"functionResponse":{"id":"call_1","name":"crm_find","response":{"output":${exact}}}}`,
    );
    expect(projectAnswer(error, 'gemini')).toContain(`"response":{"error":${error.json}}`);
  });

  it('of MCP is text, and is structured too if it is an object', () => {
    expect(projectAnswer(answer, 'mcp')).toBe(
      `{"content":[{"type":"text","text":${JSON.stringify(exact)}}],"structuredContent":${exact},"isError":false}`,
    );
    expect(JSON.parse(projectAnswer({ ...answer, json: '[1]' }, 'mcp'))).toEqual({
      content: [{ type: 'text', text: '[1]' }],
      isError: false,
    });
    expect(JSON.parse(projectAnswer(error, 'mcp'))).toEqual({
      content: [{ type: 'text', text: error.json }],
      isError: true,
    });
  });

  it('of the plain form holds the value itself', () => {
    expect(projectAnswer(answer, 'plain')).toBe(
      `{"id":"call_1","name":"crm_find","is_error":false,"result":${exact}}`,
    );
    expect(projectAnswer(error, 'plain')).toContain(`"error":${error.json}`);
  });

  it.each(toolForms)('keeps every digit in the form %s', (form) => {
    expect(projectAnswer(answer, form)).toContain('7615917337495251231');
    expect(projectAnswer(answer, form)).toContain('1.10');
  });

  it.each(toolForms)('is JSON in the form %s for any text and id, and without an id', (form) => {
    const hostile = {
      ...answer,
      name: 'a"b',
      toolCallId: '"},{\\',
      json: JSON.stringify('"\u2028</s>\u0000'),
    };
    expect(() => void JSON.parse(projectAnswer(hostile, form))).not.toThrow();
    const { toolCallId: _none, ...anonymous } = answer;
    expect(projectAnswer(anonymous, form)).not.toMatch(/call_id|use_id|"id":"/);
  });

  it.each(['openai', 'openai_chat', 'anthropic'] as const)(
    'gives a text to a model of %s unchanged',
    (form) => {
      const parsed = JSON.parse(projectAnswer({ ...answer, json: '"line\\nline"' }, form)) as Record<
        string,
        unknown
      >;
      expect(parsed['output'] ?? parsed['content']).toBe('line\nline');
    },
  );
});
