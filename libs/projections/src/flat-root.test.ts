import { sampleTool } from '@action-mesh/testing';

import { project } from './project.js';
import type { SchemaNode } from './schema-node.js';
import { flatRoot } from './flat-root.js';

const card = { properties: { kind: { const: 'card' }, number: { type: 'string' } }, required: ['number'] };
const bank = { properties: { kind: { const: 'bank' }, iban: { type: 'string', description: 'Whose.' } } };
const closed = { type: 'object', unevaluatedProperties: false };

describe('a root without alternatives', () => {
  it('has the properties of the alternatives, and stays closed (V5)', () => {
    const { schema, relaxed } = flatRoot({
      ...closed,
      properties: { amount: { type: 'integer' } },
      oneOf: [card, { $ref: '#/$defs/bank' }],
      $defs: { bank },
    });
    expect(schema).toEqual({
      type: 'object',
      properties: {
        amount: { type: 'integer' },
        kind: { anyOf: [{ const: 'card' }, { const: 'bank' }] },
        number: { type: 'string' },
        iban: { type: 'string', description: 'Whose.' },
      },
      additionalProperties: false,
      $defs: { bank },
    });
    expect(relaxed).toEqual([{ pointer: '', what: 'oneOf' }]);
  });

  it('is the input for OpenAI and Anthropic', () => {
    const tool = sampleTool({ input: { ...closed, anyOf: [card, bank] } });
    const schema = flatRoot(tool.input).schema;
    expect(schema['properties']).toHaveProperty('iban');
    expect(project(tool, 'anthropic').definition['input_schema']).toEqual(schema);
    expect(project(tool, 'openai').definition).toMatchObject({ strict: false, parameters: schema });
  });

  it('also keeps a root schema for a name that the alternatives declare', () => {
    const kind = { type: 'string', description: 'Which.' };
    expect(flatRoot({ ...closed, properties: { kind }, anyOf: [card] }).schema['properties']).toMatchObject({
      kind,
    });
  });

  it.each<[string, SchemaNode]>([
    ['names by a pattern', { anyOf: [bank, { patternProperties: { '^i': {} } }] }],
    ['any other name', { anyOf: [bank, { additionalProperties: true }] }],
    ['any name that nothing else declares', { anyOf: [bank, { unevaluatedProperties: {} }] }],
    ['what a reference leads to, which is nothing', { anyOf: [bank, { $ref: '#/$defs/gone' }] }],
    // ajv counts a property in `if` as declared even if the condition fails.
    ['what a condition declares', { anyOf: [bank], if: { properties: { other: { const: 1 } } }, then: true }],
    [
      'what a condition says of all other names',
      { anyOf: [bank], if: { additionalProperties: false }, then: true },
    ],
  ])('is open if alternatives let in %s, and keeps the descriptions of the names (V5)', (_, alternatives) => {
    const { schema, relaxed } = flatRoot({ ...closed, ...alternatives });
    expect(schema).toMatchObject({
      type: 'object',
      properties: { iban: { description: 'Whose.' }, kind: {} },
    });
    expect(schema).not.toHaveProperty('additionalProperties');
    expect(schema).not.toHaveProperty('unevaluatedProperties');
    expect(relaxed).toContainEqual({ pointer: '', what: 'unevaluatedProperties' });
  });

  it('has no additional name if the root declares all names', () => {
    const properties = { kind: { type: 'string' } };
    expect(flatRoot({ type: 'object', properties, additionalProperties: false, anyOf: [card] })).toEqual({
      schema: { type: 'object', properties, additionalProperties: false },
      relaxed: [{ pointer: '', what: 'anyOf' }],
    });
  });

  it('is searched for in a bounded number of parts', () => {
    const anyOf = Array.from({ length: 2_000 }, (_, index) => ({ properties: { [`p${index}`]: {} } }));
    expect(flatRoot({ ...closed, anyOf }).schema).not.toHaveProperty('additionalProperties');
  });

  it('leaves no reference into the alternatives without its target', () => {
    const { schema } = flatRoot({
      ...closed,
      properties: {
        again: { $ref: '#' },
        number: { $ref: '#/anyOf/0/properties/number' },
        $ref: { const: { $ref: '#' } },
      },
      anyOf: [card],
      $defs: { input: { type: 'string' } },
    });
    const properties = {
      again: { $ref: '#/$defs/input_' },
      number: { $ref: '#/$defs/input_/anyOf/0/properties/number' },
      $ref: { const: { $ref: '#' } },
    };
    expect(schema).toEqual({
      type: 'object',
      properties: { ...properties, kind: { const: 'card' } },
      additionalProperties: false,
      $defs: { input: { type: 'string' }, input_: { ...closed, properties, anyOf: [card] } },
    });
  });
});
