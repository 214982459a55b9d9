import type { Tool } from '@action-mesh/contracts/catalog';
import { ArgumentValidator } from '@action-mesh/tools';
import { compileTool } from '@action-mesh/tools/compile';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';

import { project } from './project.js';
import { isNode, target, type SchemaNode } from './schema-node.js';

/**
 * Random tools with any keywords, and random arguments (V5). The test uses the arguments that the tool accepts. The
 * set of names and values is small, so many arguments are accepted.
 */
const names = ['a', 'b', 'x-a', '~/'] as const;
const name = fc.constantFrom(...names);

const scalar = fc.constantFrom<SchemaNode[]>(
  { type: 'string' },
  { type: 'string', maxLength: 1 },
  { type: 'string', minLength: 2 },
  { type: 'integer', exclusiveMinimum: 1 },
  { type: ['string', 'null'] },
  { enum: ['x', null] },
  { type: ['string', 'null'], enum: ['x', 'yy', null] },
  { type: 'string', enum: ['x', null] },
  { enum: ['x', true, 3] },
  { const: 'x' },
  { const: null },
  { const: true },
  { not: { type: 'string' } },
  {},
);
const reference = fc
  .constantFrom(
    ...['#', '#/$defs/d', '#/$defs/~1', '#/anyOf/0', '#/oneOf/0', '#/allOf/0', '#/anyOf/0/properties/a'],
    ...['#/properties/a', '#/properties/a/oneOf/0', '#/$defs/d/properties/a', '#/$defs/d/allOf/0'],
  )
  .map(($ref): SchemaNode => ({ $ref }));

/** Present or, more often, absent. */
const sometimes = <Value>(arbitrary: fc.Arbitrary<Value>, often = 1): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: often, arbitrary });
/** The compiler refuses a declared name that also fits a pattern, so this removes such patterns. */
const withoutMatches = ({ properties, ...node }: SchemaNode): SchemaNode =>
  node['patternProperties'] === undefined || !isNode(properties)
    ? { properties, ...node }
    : {
        properties: Object.fromEntries(Object.entries(properties).filter(([key]) => key !== 'x-a')),
        ...node,
      };
const given = (node: SchemaNode): SchemaNode =>
  Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined));

const { schema, object, members, alternatives } = fc.letrec<{
  schema: SchemaNode;
  object: SchemaNode;
  members: SchemaNode;
  alternatives: SchemaNode;
}>((tie) => {
  const one = tie('schema');
  const some = fc.array(one, { minLength: 1, maxLength: 2 });
  const fragments = fc.array(fc.oneof(tie('members'), reference), { minLength: 1, maxLength: 2 });
  return {
    schema: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      { weight: 6, arbitrary: scalar },
      { weight: 1, arbitrary: reference },
      { weight: 2, arbitrary: tie('object') },
      { weight: 1, arbitrary: one.map((items) => ({ type: 'array', items })) },
      {
        weight: 2,
        arbitrary: fc.tuple(fc.constantFrom('anyOf', 'oneOf', 'allOf'), some).map(([key, list]) => ({
          [key]: list,
        })),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(one, one, one).map(([test, then, other]) => ({ if: test, then, else: other })),
      },
      { weight: 1, arbitrary: one.map((not) => ({ not })) },
    ),
    object: tie('members').map((node) => ({ type: 'object', additionalProperties: false, ...node })),
    /** The parts that may stand at the root and in its alternatives. */
    members: fc
      .record({
        properties: fc.dictionary(name, fc.oneof(one, fc.constant(true)), { maxKeys: 3 }),
        required: sometimes(name.map((each) => [each])),
        patternProperties: sometimes(one).map((each) => each && { '^x-': each }),
        additionalProperties: sometimes(fc.oneof(fc.boolean(), one)),
        minProperties: sometimes(fc.constant(1)),
      })
      .map((node) => withoutMatches(given(node))),
    alternatives: fc
      .record({
        anyOf: sometimes(fragments, 3),
        oneOf: sometimes(fragments),
        allOf: sometimes(fragments),
        not: sometimes(tie('members')),
        test: sometimes(fc.tuple(tie('members'), tie('members'))),
        $ref: sometimes(fc.constant('#/$defs/d')),
      })
      .map(({ test, ...node }) => given({ ...node, if: test?.[0], then: test?.[1] })),
  };
});

const definitions = fc
  .tuple(fc.oneof(members, object), schema)
  .map(([d, other]) => ({ d, '/': other, text: { type: 'string' } }));
const open = fc
  .tuple(members, alternatives, definitions)
  .map(([own, more, $defs]) => ({ type: 'object', ...own, ...more, $defs }));
const closed = fc
  .tuple(object, sometimes(alternatives), definitions)
  .map(([own, more, $defs]) => ({ ...own, ...more, additionalProperties: false, $defs }));
const input = fc.oneof({ weight: 3, arbitrary: open }, { weight: 1, arbitrary: closed });

const value = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 2 },
    fc.constantFrom('x', 'yy', null, 3, 1, true),
    fc.array(tie('value'), { maxLength: 1 }),
    tie('object'),
  ),
  object: fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
})).object;

/** Points every reference at a text. The compiler refuses references to nothing or to their own place. */
function withTargets(source: SchemaNode): SchemaNode {
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk);
    if (!isNode(node)) return node;
    if (typeof node['$ref'] === 'string' && target(source, node['$ref']) === undefined) {
      return { ...node, $ref: '#/$defs/text' };
    }
    return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, walk(each)]));
  };
  return walk(source) as SchemaNode;
}

/** The published tool, closed if its author did not open it. `undefined` if it does not compile. */
function compiled(source: SchemaNode): Tool | undefined {
  const result = compileTool({
    slug: 'tool',
    version: '1.0.0',
    title: 'Tool',
    description: 'Does it.',
    provider: { slug: 'crm', baseUrl: 'https://crm.example.com' },
    input: source,
    http: { method: 'POST', path: '/' },
    effect: { class: 'opaque' },
  });
  return result.ok ? result.tool : undefined;
}

/**
 * The result of a check, or `undefined` if ajv throws. ajv throws at some combinations of alternatives, patterns and
 * `unevaluatedProperties`; such a case proves nothing.
 */
function verdict(check: () => boolean): boolean | undefined {
  try {
    return check();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const ajvFor = () => new Ajv2020({ strict: false, ownProperties: true, logger: false });

describe('arguments that a tool accepts (V5)', () => {
  it('are accepted unchanged by every form that is not strict', () => {
    let accepted = 0;
    fc.assert(
      fc.property(input, fc.array(value, { minLength: 20, maxLength: 20 }), (source, candidates) => {
        const tool = compiled(withTargets(source));
        if (tool === undefined) return;
        const validator = new ArgumentValidator(tool);
        const valid = candidates.filter((args) => verdict(() => validator.validate(args).ok) === true);
        const openai = project(tool, 'openai').definition;
        const schemas = [
          project(tool, 'anthropic').definition['input_schema'],
          project(tool, 'gemini').definition['parametersJsonSchema'],
          ...(openai['strict'] === true ? [] : [openai['parameters']]),
        ];
        for (const schema of schemas) {
          const validate = ajvFor().compile(schema as SchemaNode);
          const refused = valid.filter((args) => verdict(() => validate(args)) === false);
          expect({ refused, schema: refused.length > 0 && schema }).toEqual({ refused: [], schema: false });
        }
        accepted += valid.length;
      }),
      { numRuns: 150 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
