import { collapsedInput } from './collapsed-input.js';
import { inputPart } from './input-part.js';
import type { JsonSchema } from './validate/json-schema.js';

const text = (length: number) => ({ type: 'string', description: 'x'.repeat(length) });

const input = (length: number): JsonSchema => ({
  type: 'object',
  properties: {
    id: { type: 'string' },
    config: { $ref: '#/$defs/Config' },
    'a/b': { type: 'array', items: { type: 'object', properties: { deep: text(length) } } },
  },
  required: ['id'],
  $defs: {
    Config: {
      type: 'object',
      properties: { limits: { $ref: '#/$defs/Limits' }, again: { $ref: '#/$defs/Config' } },
    },
    Limits: { type: 'object', properties: { most: text(length) } },
    Other: { type: 'object' },
  },
});
const collapsed = ['/$defs/Config/properties/limits', '/properties/config', '/properties/a~1b'];

/** The pointers in the hints of a schema. */
const hinted = (schema: unknown): string[] =>
  [...JSON.stringify(schema).matchAll(/with part \\"(.*?)\\" shows it/g)].map(([, pointer]) => pointer ?? '');

describe('a part of an input', () => {
  it('opens at each pointer in a hint, until nothing is collapsed', () => {
    const whole = input(9_000);
    const opened: string[] = [];
    const waiting = hinted(collapsedInput(whole, collapsed));
    for (const pointer of waiting) {
      const part = inputPart(whole, collapsed, pointer);
      if (!('schema' in part)) throw new Error(`${pointer} does not open`);
      opened.push(pointer);
      waiting.push(...hinted(part.schema).filter((next) => !waiting.includes(next)));
    }
    expect(opened.sort()).toEqual([...collapsed].sort());
  });

  it('contains the definitions that it needs, and no others', () => {
    expect(inputPart(input(10), collapsed, '/properties/config')).toEqual({
      schema: {
        $ref: '#/$defs/Config',
        $defs: { Config: expect.anything() as unknown, Limits: expect.anything() as unknown },
      },
    });
  });

  it('is shown whole if it is small, and keeps its own members collapsed if it is large', () => {
    expect(hinted(inputPart(input(10), collapsed, '/properties/config'))).toEqual([]);
    expect(hinted(inputPart(input(9_000), collapsed, '/properties/config'))).toEqual([
      '/$defs/Config/properties/limits',
    ]);
  });

  it('is the whole input at the empty pointer, and leaves the input unchanged', () => {
    const whole = input(9_000);
    inputPart(whole, collapsed, '/properties/config');
    expect(whole).toEqual(input(9_000));
    expect(inputPart(whole, [], '')).toMatchObject({ schema: { properties: whole['properties'] } });
  });

  it.each([
    ['config', ['/properties/config']],
    ['/config', ['/properties/config']],
    ['config.limit', ['/$defs/Config/properties/limits']],
    ['/properties/confg', ['/properties/config']],
    ['/properties/a/b', ['/properties/config', '/properties/a~1b', '/$defs/Config/properties/limits']],
    ['/required', collapsed],
  ])('suggests the nearest pointers for %s, which leads to no schema', (pointer, nearest) => {
    const part = inputPart(input(10), collapsed, pointer);
    expect(part).toEqual({ nearest: expect.arrayContaining(nearest) as unknown });
    expect('nearest' in part && part.nearest).toHaveLength(nearest.length);
  });
});
