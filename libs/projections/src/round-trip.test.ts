import type { Tool } from '@action-mesh/contracts/catalog';
import { sampleTool } from '@action-mesh/testing';
import { ArgumentValidator } from '@action-mesh/tools';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';

import { AcceptsNull } from './accepts-null.js';
import { project } from './project.js';
import { isNode, listOf, propertiesOf, resolved, type SchemaNode } from './schema-node.js';

/**
 * Random tools and random arguments for them (V1). Each schema comes with a generator of its values. So the arguments
 * are valid by construction, and the validator confirms that.
 */
interface Shape {
  readonly schema: SchemaNode;
  readonly value: fc.Arbitrary<unknown>;
}

const name = fc.constantFrom('a', 'b', 'c', 'd', 'constructor');

const scalar: fc.Arbitrary<Shape> = fc.oneof(
  fc.constant({ schema: { type: 'string' }, value: fc.string() }),
  fc.constant({
    schema: { type: 'string', maxLength: 3 },
    value: fc.string({ maxLength: 3, unit: 'grapheme-ascii' }),
  }),
  fc.constant({ schema: { type: 'integer', minimum: 0 }, value: fc.nat() }),
  fc.constant({ schema: { type: 'boolean' }, value: fc.boolean() }),
  fc.constant({ schema: { enum: ['x', 'y', 3] }, value: fc.constantFrom('x', 'y', 3) }),
  fc.constant({ schema: { const: 'only' }, value: fc.constant('only') }),
  fc.constant({ schema: { const: null }, value: fc.constant(null) }),
  fc.constant({ schema: { enum: ['x', null] }, value: fc.constantFrom('x', null) }),
  fc.constant({
    schema: { type: ['string', 'null'], enum: ['x', null] },
    value: fc.constantFrom('x', null),
  }),
  fc.constant({ schema: { type: ['string', 'integer'] }, value: fc.oneof(fc.string(), fc.integer()) }),
  fc.constant({ schema: { type: ['string', 'null'] }, value: fc.option(fc.string()) }),
);

const { shape } = fc.letrec<{ shape: Shape; object: Shape; list: Shape; union: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    tie('object'),
    tie('list'),
    tie('union'),
  ),
  object: fc
    .uniqueArray(fc.tuple(name, tie('shape'), fc.boolean()), { selector: ([key]) => key, maxLength: 4 })
    .map(
      (members): Shape => ({
        schema: {
          type: 'object',
          properties: Object.fromEntries(members.map(([key, { schema }]) => [key, schema])),
          required: members.filter(([, , isRequired]) => isRequired).map(([key]) => key),
          additionalProperties: false,
        },
        value: fc
          .tuple(
            ...members.map(([, { value }, isRequired]) =>
              isRequired ? value : fc.option(value, { nil: undefined }),
            ),
          )
          .map((values) =>
            Object.fromEntries(
              members.flatMap(([key], index) => (values[index] === undefined ? [] : [[key, values[index]]])),
            ),
          ),
      }),
    ),
  list: tie('shape').map(
    ({ schema, value }): Shape => ({
      schema: { type: 'array', items: schema },
      value: fc.array(value, { maxLength: 3 }),
    }),
  ),
  union: fc.tuple(tie('object'), tie('object')).map(
    ([left, right]): Shape => ({
      schema: { anyOf: [left.schema, right.schema] },
      value: fc.oneof(left.value, right.value),
    }),
  ),
}));

/** An object that requires nothing. */
const none = { required: [] };

const argumentsOf = fc
  .tuple(
    fc.uniqueArray(fc.tuple(name, shape, fc.boolean()), { selector: ([key]) => key, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([members, hasAlternatives]) => ({
    tool: sampleTool({
      input: {
        type: 'object',
        properties: Object.fromEntries(members.map(([key, { schema }]) => [key, schema])),
        required: members.filter(([, , isRequired]) => isRequired).map(([key]) => key),
        additionalProperties: false,
        ...(hasAlternatives ? { anyOf: members.map(([key]) => ({ required: [key] })).concat(none) } : {}),
      } as unknown as Tool['input'],
    }),
    value: fc
      .tuple(
        ...members.map(([, { value }, isRequired]) =>
          isRequired ? value : fc.option(value, { nil: undefined }),
        ),
      )
      .map((values) =>
        Object.fromEntries(
          members.flatMap(([key], index) => (values[index] === undefined ? [] : [[key, values[index]]])),
        ),
      ),
  }))
  .chain(({ tool, value }) => value.map((args) => ({ tool, args })));

/** `ownProperties`: without it ajv finds a property named `constructor` in the prototype. */
const ajv = new Ajv2020({ strict: false, ownProperties: true });

/** The strict form of these arguments, as a model would write it: null for an absent argument. */
function asModelGives(value: unknown, schema: unknown, root: SchemaNode): unknown {
  const node = resolved(root, schema);
  if (!isNode(node) || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => asModelGives(item, node['items'], root));
  const alternatives = listOf(node['anyOf']);
  if (node['type'] === undefined && alternatives.length > 0) {
    const fitting = alternatives.find((each) => ajv.validate(each as object, value));
    return asModelGives(value, fitting, root);
  }
  const given = value as SchemaNode;
  return Object.fromEntries(
    Object.entries(propertiesOf(node)).map(([key, property]) => [
      key,
      Object.hasOwn(given, key) ? asModelGives(given[key], property, root) : null,
    ]),
  );
}

describe('any tool and any arguments of it (V1)', () => {
  it('are restored from the strict form unchanged, and fit the strict form', () => {
    let strict = 0;
    fc.assert(
      fc.property(argumentsOf, ({ tool, args }) => {
        fc.pre(new ArgumentValidator(tool).validate(args).ok);
        const { definition, restore, lost } = project(tool, 'openai');
        if (lost.length > 0) return;
        strict += 1;
        const given = asModelGives(args, tool.input, tool.input);
        expect(ajv.validate(definition['parameters'] as object, given)).toBe(true);
        const restored = restore(given);
        expect(new ArgumentValidator(tool).validate(restored)).toEqual({ ok: true });
        expect(restored).toEqual(args);
      }),
      { numRuns: 400 },
    );
    expect(strict).toBeGreaterThan(100);
  });

  it('stay unchanged in every other form', () => {
    fc.assert(
      fc.property(argumentsOf, ({ tool, args }) => {
        for (const form of ['plain', 'mcp', 'anthropic', 'gemini'] as const) {
          expect(project(tool, form).restore(args)).toBe(args);
        }
        const { parametersJsonSchema } = project(tool, 'gemini').definition;
        expect(ajv.validate(parametersJsonSchema as object, args)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('whether a schema accepts null', () => {
  it('is answered yes if it is undecided', () => {
    const root = {
      $defs: {
        name: { type: ['string', 'null'] },
        gone: { $ref: '#/$defs/nowhere' },
        circle: { anyOf: [{ $ref: '#/$defs/circle' }] },
      },
    };
    const acceptsNull = (schema: unknown): boolean => new AcceptsNull(root).of(schema);
    expect(acceptsNull({ $ref: '#/$defs/name' })).toBe(true);
    expect(acceptsNull({ $ref: '#/$defs/gone' })).toBe(true);
    expect(acceptsNull({ $ref: '#/$defs/circle' })).toBe(true);
    expect(acceptsNull({})).toBe(true);
    expect(acceptsNull({ anyOf: [{ type: 'string' }, { type: 'null' }] })).toBe(true);
    expect(acceptsNull({ type: 'string' })).toBe(false);
    expect(acceptsNull({ enum: ['a'] })).toBe(false);
    expect(acceptsNull(false)).toBe(false);
  });
});
