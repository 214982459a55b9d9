import { documentWithBody, importSample } from '../sample-document.fake.js';

/** What becomes of a schema in the place of a body's member. */
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
      { type: 'string', format: 'date-time' },
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

  it('is a reference and nothing else where it has one, but for its description and null', () => {
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
  it('keeps what stands beside a reference, and the types and keywords of 2020-12', () => {
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

  it('with keywords that change what references mean is refused', () => {
    const { first } = converted({ $dynamicRef: '#x' }, '3.1.0');
    expect(first.reasons).toMatchObject([{ code: 'keyword_unsupported' }]);
  });
});

describe('definitions', () => {
  it('are only those that are reached, keep their names, and are named after their place elsewhere', () => {
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

  it('that only the provider sets are not asked for, in whichever part of a composition they are required', () => {
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

describe('what cannot be kept', () => {
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
    ['schema_unreadable', { type: 'array', items: 7 }],
    ['schema_unreadable', { anyOf: {} }],
    ['not_a_tool', { type: 'string', minLength: 'three' }],
  ])('is refused as %s where values could not be judged without it', (code, schema) => {
    expect(converted(schema).first.reasons.map((reason) => reason.code)).toEqual([code]);
  });
});
