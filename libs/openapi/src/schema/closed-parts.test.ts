import { ArgumentValidator } from '@action-mesh/tools';

import { documentWithBody, importSample } from '../sample-document.fake.js';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const text = { type: 'string' };
const closed = { type: 'object', properties: { a: text }, additionalProperties: false };
const other = { type: 'object', properties: { b: text }, required: ['b'] };

function imported(schema: object, schemas: object = {}) {
  const body = { type: 'object', properties: { n: { type: 'integer' }, x: schema } };
  const { tools, first } = importSample(documentWithBody(body, { components: { schemas } }));
  const [tool] = tools;
  if (tool === undefined) throw new Error(JSON.stringify(first.reasons));
  const validator = new ArgumentValidator(tool);
  const accepts = (x: unknown) => validator.validate({ x }).ok;
  return { tool, accepts, codes: first.warnings.map(({ code }) => code) };
}

describe('a closed part of an object', () => {
  it.each([
    ['beside another in allOf', { allOf: [closed, other] }],
    ['behind a reference', { allOf: [ref('Closed'), ref('Other')] }],
    ['that is the object itself', { ...closed, allOf: [other] }],
    ['beside alternatives', { ...closed, oneOf: [other, { ...other, properties: { b: {} } }] }],
    ['in alternatives', { ...other, anyOf: [closed, { ...closed, required: ['a'] }] }],
    ['at the end of several parts', { allOf: [{ allOf: [ref('Closed')] }, { allOf: [ref('Other')] }] }],
  ])('does not exclude the members of the parts %s, and the whole is closed', (_, schema) => {
    const { accepts, codes } = imported(schema, { Closed: closed, Other: other });
    expect(accepts({ a: 'x', b: 'y' })).toBe(true);
    expect(accepts({ a: 'x' })).toBe(false);
    expect(accepts({ b: 'y', c: 'z' })).toBe(false);
    expect(codes).toContain('closed_part');
  });

  it('stays closed if another schema refers to it, or if it knows all members', () => {
    const { accepts, codes } = imported(
      { allOf: [closed, { required: ['a'] }], properties: { a: ref('Closed') } },
      { Closed: closed },
    );
    expect(codes).toEqual([]);
    expect(accepts({ a: {} })).toBe(false);
    const elsewhere = imported(
      { allOf: [ref('Closed'), other, { properties: { b: {}, e: ref('Closed') } }] },
      { Closed: closed },
    );
    expect(elsewhere.accepts({ b: 'y', e: { a: 'x' } })).toBe(true);
    expect(elsewhere.accepts({ b: 'y', e: { b: 'x' } })).toBe(false);
  });

  it('excludes the members of its alternatives, as intended', () => {
    const alternatives = { oneOf: [closed, { ...other, additionalProperties: false }] };
    const { accepts, codes } = imported(alternatives);
    expect(codes).toEqual([]);
    expect(accepts({ a: 'x', b: 'y' })).toBe(false);
  });
});
