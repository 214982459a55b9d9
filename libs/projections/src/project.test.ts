import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Tool } from '@action-mesh/contracts/catalog';
import { importDocument } from '@action-mesh/openapi';
import { processorMsSince, sampleTool } from '@action-mesh/testing';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

import { project } from './project.js';
import { toolForms, type ToolForm } from './projection.js';
import { isNode, listOf, propertiesOf } from './schema-node.js';

const ajv = new Ajv2020({ strict: false, allErrors: true });
const profiles = new Map<ToolForm, ValidateFunction>(
  toolForms.map((form) => {
    const file = new URL(`../profiles/${form}.json`, import.meta.url);
    return [form, ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object)];
  }),
);

/** The vendor's objections to the tool in its form. */
function complaints(tool: Tool, form: ToolForm): string[] {
  const check = profiles.get(form);
  const { definition } = project(tool, form);
  if (check?.(definition) === true) return form === 'openai' ? unlistedProperties(definition) : [];
  return (check?.errors ?? []).map(
    ({ instancePath, message }) => `${tool.slug}${instancePath} ${message ?? ''}`,
  );
}

/** Properties that are not required. The profile cannot check this, because JSON Schema cannot express it. */
function unlistedProperties({ parameters, strict }: Readonly<Record<string, unknown>>): string[] {
  const walk = (schema: unknown): string[] => {
    if (!isNode(schema)) return [];
    const own = Object.keys(propertiesOf(schema)).filter(
      (name) => !listOf(schema['required']).includes(name),
    );
    const definitions = isNode(schema['$defs']) ? Object.values(schema['$defs']) : [];
    const parts = [
      ...Object.values(propertiesOf(schema)),
      schema['items'],
      ...listOf(schema['anyOf']),
      ...definitions,
    ];
    return [...own, ...parts.flatMap(walk)];
  };
  return strict === true ? walk(parameters) : [];
}

const withInput = (properties: Record<string, unknown>, more: Record<string, unknown> = {}): Tool =>
  sampleTool({
    input: { type: 'object', properties, additionalProperties: false, ...more } as Tool['input'],
  });

const parametersOf = (tool: Tool): Record<string, unknown> =>
  project(tool, 'openai').definition['parameters'] as Record<string, unknown>;

const lossOf = (tool: Tool): string[] =>
  project(tool, 'openai').lost.map(({ pointer, what }) => `${pointer} ${what}`);

describe('every form', () => {
  it.each(toolForms)(
    'for %s shows a collapsed member open, and leaves the tool unchanged (V4, V5)',
    (form) => {
      const deep = { type: 'object', properties: { b: { type: 'string' } }, additionalProperties: false };
      const tool = { ...withInput({ a: deep, c: { type: 'string' } }), collapsed: ['/properties/a'] };
      const text = JSON.stringify(project(tool, form).definition);
      expect(text).toContain('describe_tool');
      expect(text).not.toContain('"b"');
      expect(tool.input['properties']).toMatchObject({ a: deep });
      const args = { a: { b: 'x' }, c: 'y' };
      expect(project(tool, form).restore(args)).toEqual(args);
      expect(complaints(tool, form)).toEqual([]);
    },
  );
});

describe('the form for OpenAI', () => {
  it('is strict: every property is required, and null stands for an absent argument (V1)', () => {
    const { definition, restore } = project(
      withInput(
        {
          email: { type: 'string', description: 'Whose.' },
          limit: { type: 'integer', maximum: 50, default: 10 },
          kind: { enum: ['a', 'b'] },
        },
        { required: ['email'] },
      ),
      'openai',
    );
    expect(definition).toMatchObject({ type: 'function', strict: true });
    expect(definition['parameters']).toEqual({
      type: 'object',
      properties: {
        email: { description: 'Whose.', type: 'string' },
        limit: { description: '(default 10)', type: ['integer', 'null'], maximum: 50 },
        kind: { type: ['string', 'null'], enum: ['a', 'b', null] },
      },
      required: ['email', 'limit', 'kind'],
      additionalProperties: false,
    });
    expect(restore({ email: 'x', limit: null, kind: 'a' })).toEqual({ email: 'x', kind: 'a' });
  });

  it('names the rules of each type in a property of several types', () => {
    const a = { type: ['string', 'integer'], maxLength: 5, maximum: 9 };
    const { definition, relaxed } = project(withInput({ a }, { required: ['a'] }), 'openai');
    expect(relaxed).toEqual([{ pointer: '/properties/a', what: 'maxLength' }]);
    expect(definition['parameters']).toMatchObject({
      properties: {
        a: {
          anyOf: [
            { type: 'string', description: '(at most 5 characters)' },
            { type: 'integer', maximum: 9 },
          ],
        },
      },
    });
  });

  it('keeps recursion, and restores recursive arguments (V1)', () => {
    const tool = withInput(
      { root: { $ref: '#/$defs/node' } },
      {
        $defs: {
          node: {
            type: 'object',
            properties: {
              label: { type: 'string' },
              children: { type: 'array', items: { $ref: '#/$defs/node' } },
            },
            required: ['children'],
            additionalProperties: false,
          },
        },
      },
    );
    expect(lossOf(tool)).toEqual([]);
    const given = {
      root: {
        label: null,
        children: [
          { label: 'x', children: [] },
          { label: null, children: [] },
        ],
      },
    };
    expect(project(tool, 'openai').restore(given)).toEqual({
      root: { children: [{ label: 'x', children: [] }, { children: [] }] },
    });
  });

  it('restores by the alternative that the arguments are valid for (V1)', () => {
    const person = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name'],
      additionalProperties: false,
    };
    const company = {
      type: 'object',
      properties: { vat: { type: 'string' }, site: { type: 'string' } },
      required: ['vat'],
      additionalProperties: false,
    };
    const tool = withInput({ who: { oneOf: [person, company] } }, { required: ['who'] });
    const { restore, definition } = project(tool, 'openai');
    expect(definition['strict']).toBe(true);
    expect(restore({ who: { vat: '1', site: null } })).toEqual({ who: { vat: '1' } });
  });

  it('puts rules that strict mode cannot express into the description (V2)', () => {
    const tool = withInput(
      { tag: { type: 'string', description: 'A tag.', maxLength: 20, format: 'uri' } },
      { required: ['tag'] },
    );
    expect(parametersOf(tool)['properties']).toEqual({
      tag: { description: 'A tag. (at most 20 characters) (format uri)', type: 'string' },
    });
    expect(project(tool, 'openai').relaxed).toEqual([
      { pointer: '/properties/tag', what: 'maxLength' },
      { pointer: '/properties/tag', what: 'format' },
    ]);
  });

  it('leaves out rules about the object as a whole (V2)', () => {
    const tool = withInput(
      { a: { type: 'string' }, b: { type: 'string' } },
      { anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    );
    expect(project(tool, 'openai')).toMatchObject({
      definition: { strict: true },
      relaxed: [{ pointer: '', what: 'anyOf' }],
    });
  });

  it.each<[string, Tool, string]>([
    ['an object that is open', withInput({ a: { type: 'object' } }), '/properties/a open object'],
    [
      'an object of a name to be escaped',
      withInput({ 'a/~': { type: 'object' } }),
      '/properties/a~1~0 open object',
    ],
    [
      'an object in a definition of a name to be escaped',
      withInput({}, { $defs: { 'a/~': { type: 'object' } } }),
      '/$defs/a~1~0 open object',
    ],
    [
      'null in a definition of a name to be escaped',
      withInput(
        { a: { $ref: '#/$defs/b%20~1' } },
        {
          required: ['a'],
          $defs: {
            'b /': {
              type: 'object',
              properties: { c: { type: ['string', 'null'] } },
              additionalProperties: false,
            },
          },
        },
      ),
      '/$defs/b ~1/properties/c optional and null',
    ],
    ['any value', withInput({ a: {} }, { required: ['a'] }), '/properties/a any value'],
    [
      'null beside not given',
      withInput({ a: { type: ['string', 'null'] } }),
      '/properties/a optional and null',
    ],
    [
      'null beside not given, in another alternative',
      withInput(
        {
          a: {
            anyOf: [
              { type: 'object', properties: { x: { type: 'string' } }, additionalProperties: false },
              {
                type: 'object',
                properties: { x: { type: ['integer', 'null'] } },
                required: ['x'],
                additionalProperties: false,
              },
            ],
          },
        },
        { required: ['a'] },
      ),
      '/properties/a/anyOf/1/properties/x optional and null',
    ],
    ['a reference that leads nowhere', withInput({ a: { $ref: '#/$defs/gone' } }), '/properties/a reference'],
    [
      'a reference that leads to itself',
      withInput({ a: { $ref: '#/$defs/a' } }, { $defs: { a: { $ref: '#/$defs/a' } } }),
      '/properties/a reference',
    ],
    [
      'a reference into what may not be there in the strict form',
      withInput({ a: { $ref: '#/allOf/0' } }, { allOf: [{ type: 'string' }] }),
      '/properties/a reference',
    ],
    ['a list of anything', withInput({ a: { type: 'array' } }), '/properties/a/items any value'],
    [
      'a list by places',
      withInput({ a: { type: 'array', prefixItems: [{ type: 'string' }] } }),
      '/properties/a prefixItems',
    ],
    [
      'more levels than ten',
      withInput({
        a: Array.from({ length: 11 }).reduce<object>(
          (inner) => ({
            type: 'object',
            properties: { a: inner },
            required: ['a'],
            additionalProperties: false,
          }),
          { type: 'string' },
        ),
      }),
      ' 13 levels, and 10 is the most',
    ],
    [
      'a thousand values and one',
      withInput({ a: { enum: Array.from({ length: 1_001 }, (_, index) => index) } }),
      ' 1002 enum values, and 1000 is the most',
    ],
  ])('is not strict, and gives the reason: %s (V1)', (_, tool, reason) => {
    expect(lossOf(tool)).toContain(reason);
    const { definition, restore } = project(tool, 'openai');
    const { allOf, ...input } = tool.input;
    expect(definition).toMatchObject({ strict: false, parameters: allOf === undefined ? input : {} });
    const args = { a: null };
    expect(restore(args)).toBe(args);
  });

  it('is bounded in work for schemas that double at every level', () => {
    const $defs: Record<string, unknown> = { d30: { type: 'string' } };
    for (let level = 0; level < 30; level += 1) {
      const next = { $ref: `#/$defs/d${level + 1}` };
      $defs[`d${level}`] = { type: 'object', properties: { a: next, b: next }, additionalProperties: false };
    }
    const tool = withInput({ a: { $ref: '#/$defs/d0' } }, { $defs });
    expect(lossOf(tool)).toEqual([]);
    expect(complaints(tool, 'gemini')).toEqual([]);
  });

  it('is bounded in work for alternatives that double at every level, and for arguments in them', () => {
    const leaf = { type: 'object', properties: { k: { type: 'string' } }, additionalProperties: false };
    const $defs: Record<string, unknown> = { d40: { anyOf: [leaf, { type: 'string' }] } };
    for (let level = 0; level < 40; level += 1) {
      const next = { $ref: `#/$defs/d${level + 1}` };
      $defs[`d${level}`] = { anyOf: [next, next] };
    }
    const tool = withInput({ a: { $ref: '#/$defs/d0' } }, { $defs });
    const before = process.cpuUsage();
    expect(lossOf(tool)).toEqual([]);
    expect(project(tool, 'openai').restore({ a: { k: null } })).toEqual({ a: {} });
    expect(processorMsSince(before)).toBeLessThan(1_000);
  });

  it('is not attempted for a schema of very many levels', () => {
    const deep = Array.from({ length: 5_000 }).reduce<object>((items) => ({ type: 'array', items }), {
      type: 'string',
    });
    const tool = withInput({ a: deep });
    expect(project(tool, 'openai').lost).toMatchObject([{ what: 'size' }]);
    expect(project(tool, 'gemini').lost).toMatchObject([{ what: 'size' }]);
  });

  it('leaves arguments of very many levels to the argument check', () => {
    const list = { type: 'array', items: { $ref: '#/$defs/list' } };
    const { lost, restore } = project(
      withInput({ a: { $ref: '#/$defs/list' } }, { $defs: { list } }),
      'openai',
    );
    expect(lost).toEqual([]);
    const deep = Array.from({ length: 100_000 }).reduce<unknown[]>((items) => [items], []);
    expect(() => restore({ a: deep })).not.toThrow();
  });
});

describe('the form for other vendors', () => {
  const tool = withInput(
    { email: { type: 'string', maxLength: 9 }, meta: { not: {} } },
    {
      anyOf: [{ required: ['email'] }],
    },
  );

  it('names the arguments for which Anthropic would refuse the tool', () => {
    const input = {
      type: 'object',
      properties: { 'a.b-c': {}, '@type': {}, 'a/b': {} },
      additionalProperties: false,
    };
    expect(project(sampleTool({ input }), 'anthropic').lost).toEqual([
      { pointer: '/properties/@type', what: 'name' },
      { pointer: '/properties/a~1b', what: 'name' },
    ]);
  });

  it('leaves out alternatives at the root for Anthropic, and adds examples', () => {
    const examples = [{ description: 'One', arguments: { email: 'a@b.c' } }];
    const { definition, relaxed } = project({ ...tool, examples }, 'anthropic');
    expect(definition['input_schema']).not.toHaveProperty('anyOf');
    expect(definition['input_examples']).toEqual([{ email: 'a@b.c' }]);
    expect(relaxed).toEqual([{ pointer: '', what: 'anyOf' }]);
  });

  it('puts rules that Gemini cannot express into the description (V3)', () => {
    const { definition } = project(tool, 'gemini');
    expect(definition['parametersJsonSchema']).toMatchObject({
      properties: { email: { type: 'string', description: '(at most 9 characters)' }, meta: {} },
    });
  });

  it('derives the hints for MCP hosts from the effect class', () => {
    const hints = (parts: Partial<Tool>): unknown =>
      project(sampleTool(parts), 'mcp').definition['annotations'];
    expect(hints({ effect: { class: 'read' } })).toMatchObject({
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
    });
    expect(hints({ effect: { class: 'idempotent' } })).toMatchObject({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
    });
  });

  it.each<Tool['effect']>([
    { class: 'opaque' },
    { class: 'keyed', in: 'header', name: 'idempotency-key', ttl_ms: 1_000 },
    {
      class: 'probeable',
      probe: 'find_it',
      settle_ms: 0,
      reference: { in: 'header', name: 'x-id' },
      argument: 'id',
      found: '',
    },
  ])('tells no MCP host that a POST only adds: $class', (effect) => {
    const http = { ...tool.http, method: 'POST' as const };
    expect(project(sampleTool({ effect, http }), 'mcp').definition['annotations']).toMatchObject({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
    });
  });

  it('is made once, is always equal, and leaves the tool unchanged (V4)', () => {
    for (const form of toolForms) {
      const own = withInput({ a: { type: 'string' } });
      const before = JSON.stringify(own);
      const first = project(own, form);
      expect(project(own, form)).toBe(first);
      expect(JSON.stringify(project(structuredClone(own), form).definition)).toBe(
        JSON.stringify(first.definition),
      );
      expect(JSON.stringify(own)).toBe(before);
    }
  });
});

describe('all tools of the GitHub description', () => {
  const { resolve } = createRequire(import.meta.url);
  const document = readFileSync(resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8');
  const { tools } = importDocument(document, { toolkit: 'github' });

  it.each(toolForms)('fit the profile of %s', (form) => {
    expect(tools.length).toBeGreaterThan(1_200);
    expect(tools.flatMap((tool) => complaints(tool, form)).slice(0, 20)).toEqual([]);
  });

  it('are strict for OpenAI if no value is lost, and otherwise list the lost places', () => {
    const strict = tools.filter((tool) => project(tool, 'openai').definition['strict'] === true);
    const reasons = tools.filter((tool) => project(tool, 'openai').lost.length > 0);
    expect(strict.length + reasons.length).toBe(tools.length);
    expect(strict.length).toBeGreaterThan(800);
  });
});
