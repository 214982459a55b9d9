import { ArgumentValidator } from '@action-mesh/tools';
import fc from 'fast-check';
import { generate } from 'json-schema-faker';

import { documentWithBody, importSample } from '../sample-document.fake.js';
import { callProblem } from './callable.js';
import { none, sampleValue } from './sample-value.js';

const text = { type: 'string' };

describe('an operation that no call fits', () => {
  it.each([
    ['parts of other types', { allOf: [{ type: 'string' }, { type: 'integer' }] }],
    ['parts with other values', { allOf: [{ enum: ['a'] }, { enum: ['b'] }] }],
    ['bounds that cross', { type: 'integer', minimum: 3, maximum: 2 }],
    ['lengths that cross', { type: 'string', minLength: 3, maxLength: 2 }],
    ['a member that may not be there', { type: 'object', required: ['b'], additionalProperties: false }],
    ['a part of it that excludes it', { type: 'object', not: {} }],
    ['no end', { $ref: '#/components/schemas/Endless' }],
  ])('is imported with the warning, for %s', (_, schema) => {
    const Endless = { type: 'object', required: ['next'], properties: { next: {} as object } };
    Endless.properties.next = { $ref: '#/components/schemas/Endless' };
    const body = { type: 'object', required: ['a'], properties: { a: schema } };
    const { first, tools } = importSample(documentWithBody(body, { components: { schemas: { Endless } } }));
    expect(first.warnings.map(({ code }) => code)).toContain('no_call_found');
    expect(tools[0]?.warnings).toContainEqual(
      expect.objectContaining({ code: 'no_call_found', pointer: '/input' }),
    );
  });

  it.each([
    [{ type: 'string', pattern: '^[a-z]{3}$', minLength: 3 }],
    [{ type: 'number', multipleOf: 0.01, minimum: 0.5, maximum: 1 }],
    [{ anyOf: [{ type: 'string', minLength: 3, maxLength: 2 }, { type: 'null' }] }],
    [{ type: 'array', items: text, minItems: 3, uniqueItems: true }],
    [{ type: 'object', minProperties: 2, additionalProperties: text }],
    [{ type: 'object', properties: { b: {} }, additionalProperties: true, minProperties: 2 }],
    [{ allOf: [{ type: 'object', properties: { b: text } }, { required: ['b'] }] }],
    [false],
  ])('does not exist if the member is optional or a call fits: %j', (schema) => {
    const input = (required: string[]) => ({
      type: 'object',
      properties: { a: schema },
      required,
      additionalProperties: false,
    });
    expect(callProblem(input([]))).toBeUndefined();
    if (schema !== false) expect(callProblem(input(['a']))).toBeUndefined();
    else expect(callProblem(input(['a']))).toBeDefined();
  });
});

describe('each imported tool', () => {
  const value = fc.constantFrom<unknown>('a', '1', 1, 2.5, true, null);
  const scalar = fc.record(
    {
      type: fc.constantFrom('string', 'integer', 'number', 'boolean'),
      nullable: fc.boolean(),
      enum: fc.uniqueArray(value, { minLength: 1, maxLength: 3 }),
      default: value,
      format: fc.constantFrom('date-time', 'email', 'int32', 'phone'),
      minLength: fc.constantFrom<unknown>(1, '2', -1, 'x'),
      maximum: fc.constantFrom(1, 5),
      readOnly: fc.boolean(),
    },
    { requiredKeys: ['type'] },
  );
  const members = ['a', 'b', 'id'] as const;
  const objectOf = (child: fc.Arbitrary<object>, part?: fc.Arbitrary<object>) =>
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(fc.constantFrom(...members), child, { maxKeys: 3 }),
        required: fc.uniqueArray(fc.constantFrom(...members), { maxLength: 2 }),
        additionalProperties: fc.boolean(),
        ...(part && {
          allOf: fc.array(part, { minLength: 1, maxLength: 2 }),
          oneOf: fc.array(part, { minLength: 1, maxLength: 2 }),
        }),
      },
      { requiredKeys: ['type'] },
    );
  const leaf = objectOf(scalar);
  const object = objectOf(fc.oneof(scalar, leaf), objectOf(fc.oneof(scalar, leaf), leaf));

  it('accepts a generated instance, or the report explains why not', async () => {
    let callable = 0;
    await fc.assert(
      fc.asyncProperty(object, async (schema) => {
        const { tools, first } = importSample(documentWithBody(schema));
        const [tool] = tools;
        if (tool === undefined) {
          expect(first.reasons).not.toEqual([]);
          return;
        }
        if (first.warnings.some(({ code }) => code === 'no_call_found')) return;
        const validator = new ArgumentValidator(tool);
        const made = Array.from({ length: 8 }, (_, variant) => sampleValue(tool.input, variant));
        const usable = made.filter((each) => each !== none && validator.validate(each).ok);
        const generated = usable.length > 0 ? usable : [await generate(tool.input)];
        expect({ input: tool.input, accepts: generated.some((each) => validator.validate(each).ok) }).toEqual(
          { input: tool.input, accepts: true },
        );
        callable += 1;
      }),
      { numRuns: 100, interruptAfterTimeLimit: 20_000 },
    );
    expect(callable).toBeGreaterThan(20);
  });
});
