import { documentWithBody, importSample } from '../sample-document.fake.js';

/** The converted schema of a body's member. */
function converted(schema: unknown, version = '3.0.3', schemas: object = {}) {
  const body = { type: 'object', properties: { a: schema } };
  const { tools, first } = importSample(
    documentWithBody(body, { openapi: version, components: { schemas } }),
  );
  const input = tools[0]?.input as { properties?: { a: unknown }; $defs?: object } | undefined;
  return { a: input?.properties?.a, definitions: input?.$defs, first };
}

describe('a schema of OpenAPI 3.0', () => {
  it.each([
    [{ type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      { type: 'string', nullable: true, enum: ['x'] },
      { type: ['string', 'null'], enum: ['x', null] },
    ],
    [
      { nullable: true, description: 'd', allOf: [{ type: 'string' }] },
      { description: 'd', anyOf: [{ allOf: [{ type: 'string' }] }, { type: 'null' }] },
    ],
    [
      { type: 'integer', minimum: 1, exclusiveMinimum: true },
      { type: 'integer', exclusiveMinimum: 1 },
    ],
    [
      { type: 'integer', maximum: 9, exclusiveMaximum: false },
      { type: 'integer', maximum: 9 },
    ],
    [
      { type: 'string', example: 'x', xml: {}, externalDocs: {}, 'x-y': 1, deprecated: true },
      { deprecated: true, type: 'string', examples: ['x'] },
    ],
    [{ type: 'string', format: 'fancy' }, { type: 'string' }],
    [
      { type: 'string', format: 'date-time' },
      { type: 'string', description: '(format: date-time)' },
    ],
    [{ oneOf: [{ type: 'string' }], discriminator: { propertyName: 'k' } }, { oneOf: [{ type: 'string' }] }],
    [
      { type: 'object', properties: { example: { type: 'string' }, nullable: {} } },
      { type: 'object', properties: { example: { type: 'string' }, nullable: {} } },
    ],
  ])('%j becomes %j', (schema, expected) => {
    const { a, first } = converted(schema);
    expect(a).toEqual(expected);
    expect(first.warnings).toEqual([]);
  });

  it('is only a reference if it has one, except for its description and null', () => {
    const { a } = converted(
      { $ref: '#/components/schemas/S', description: 'd', maxLength: 3, nullable: true },
      '3.0.3',
      {
        S: { type: 'string' },
      },
    );
    expect(a).toEqual({ description: 'd', anyOf: [{ $ref: '#/$defs/S' }, { type: 'null' }] });
  });
});

describe('a schema of OpenAPI 3.1', () => {
  it('keeps the keywords beside a reference, and the types and keywords of 2020-12', () => {
    const schema = {
      $ref: '#/components/schemas/S',
      maxLength: 3,
      type: ['string', 'null'],
      examples: ['x'],
      const: 'x',
      $comment: 'c',
    };
    expect(converted(schema, '3.1.0', { S: { type: 'string' } }).a).toEqual({
      $ref: '#/$defs/S',
      type: ['string', 'null'],
      const: 'x',
      examples: ['x'],
      maxLength: 3,
    });
  });

  it.each(['$dynamicRef', '$recursiveRef'])('accepts anything if it has %s', (keyword) => {
    const { a, first } = converted({ type: 'string', [keyword]: '#x' }, '3.1.0');
    expect(a).toBe(true);
    expect(first.warnings).toMatchObject([{ code: 'schema_unreadable' }]);
  });
});

describe('definitions', () => {
  it('are only those that are reached, keep their names, and are otherwise named after their place', () => {
    const { definitions } = converted({ $ref: '#/components/schemas/A' }, '3.0.3', {
      A: { type: 'object', properties: { b: { $ref: '#/components/schemas/B/properties/deep' } } },
      B: { type: 'object', properties: { deep: { type: 'string' } } },
      C: { type: 'string' },
    });
    expect(Object.keys(definitions ?? {})).toEqual([
      'A',
      expect.stringMatching(/^properties_deep_[0-9a-f]{10}$/),
    ]);
  });

  it('that only the provider sets are not required in any part of a composition', () => {
    const { a } = converted(
      {
        allOf: [
          { type: 'object', required: ['id', 'name'], properties: { name: {} } },
          { type: 'object', properties: { id: { $ref: '#/components/schemas/Id' } } },
        ],
      },
      '3.0.3',
      { Id: { type: 'string', readOnly: true } },
    );
    expect(a).toEqual({
      allOf: [
        { type: 'object', properties: { name: {} }, required: ['name'] },
        { type: 'object', properties: {} },
      ],
    });
  });
});

describe('a part that cannot be kept', () => {
  it.each([
    ['keyword_unknown', { type: 'string', minLenght: 3 }, { type: 'string' }],
    ['type_unknown', { type: 'text' }, {}],
    ['enum_dropped', { type: 'string', enum: [] }, { type: 'string' }],
    ['required_unreadable', { type: 'string', required: true }, { type: 'string' }],
    ['pattern_dropped', { type: 'string', pattern: '(' }, { type: 'string' }],
  ])('is left out with the warning %s', (code, schema, expected) => {
    const { a, first } = converted(schema);
    expect(a).toEqual(expected);
    expect(first.warnings.map((warning) => warning.code)).toEqual([code]);
    expect(first.warnings[0]?.pointer).toContain(
      '/paths/~1things/post/requestBody/content/application~1json/schema/properties/a/',
    );
  });

  it.each([
    ['schema_unreadable', { type: 'array', items: 7 }, { type: 'array', items: true }],
    ['schema_unreadable', { type: 'array', items: [{}] }, { type: 'array', items: true }],
    ['schema_unreadable', { anyOf: {} }, {}],
    ['schema_unreadable', { anyOf: [] }, {}],
    ['schema_unreadable', { properties: [] }, {}],
    ['keyword_unreadable', { type: 'string', minLength: 'three' }, { type: 'string' }],
    ['keyword_unreadable', { type: 'string', maxLength: -1 }, { type: 'string' }],
    ['keyword_unreadable', { type: 'number', multipleOf: 0 }, { type: 'number' }],
    ['keyword_unreadable', { dependentRequired: { a: 'b' } }, {}],
    ['reference_lost', { $ref: '#/components/schemas/Lost' }, {}],
  ])('accepts anything, with the warning %s: %j', (code, schema, expected) => {
    const { a, first } = converted({ type: 'object', properties: { part: schema, other: {} } });
    expect(a).toEqual({ type: 'object', properties: { part: expected, other: {} } });
    expect(first.warnings.map((warning) => warning.code)).toEqual([code]);
  });

  it('does not refuse the rest: meaningless keywords are dropped, and numbers may be texts', () => {
    const idle = { if: { type: 'string' }, minContains: 1, uniqueItems: false };
    const { a, first } = converted({ ...idle, maxLength: '3', minimum: '1.5' }, '3.1.0');
    expect(a).toEqual({ maxLength: 3, minimum: 1.5 });
    expect(first.warnings).toEqual([]);
  });
});

describe('an input', () => {
  it('accepts any one of its alternatives, and one that stands beside others too', () => {
    const text = { type: 'string' };
    expect(converted({ oneOf: [text, { maxLength: 2 }] }).a).toEqual({ anyOf: [text, { maxLength: 2 }] });
    expect(converted({ anyOf: [text], oneOf: [text, {}] }).a).toEqual({
      anyOf: [text],
      allOf: [{ anyOf: [text, {}] }],
    });
    expect(converted({ not: { oneOf: [text, { type: 'integer' }] } }).a).toEqual({});
  });
});
