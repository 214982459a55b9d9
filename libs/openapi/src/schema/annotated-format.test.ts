import { ArgumentValidator } from '@action-mesh/tools';

import { importSample, sampleDocument } from '../sample-document.fake.js';

function imported(schema: object, media: object = {}, components: object = {}) {
  const content = { 'application/json': { schema: { type: 'object', properties: { a: schema } }, ...media } };
  const paths = { '/things': { post: { requestBody: { required: true, content } } } };
  const [tool] = importSample(sampleDocument(paths, { components })).tools;
  if (tool === undefined) throw new Error('no tool');
  const { a } = tool.input['properties'] as { a: object };
  return { a, accepts: (value: unknown) => new ArgumentValidator(tool).validate({ a: value }).ok };
}

const time = { type: 'string', format: 'time' };

describe('a format', () => {
  it('is only a remark without an example of it, and the description names it', () => {
    const { a, accepts } = imported({ ...time, description: 'When.' });
    expect(a).toEqual({ type: 'string', description: 'When. (format: time)' });
    expect(accepts('09:00')).toBe(true);
  });

  it.each([
    ['its own example', { ...time, example: '09:00:00' }, {}],
    ['one of its examples', { ...time, example: '09:00:00Z' }, { example: { a: '09:00:00' } }],
    ['a named example', time, { examples: { e: { value: { a: '09:00:00' } } } }],
    ['its default', { ...time, default: '09:00:00' }, {}],
  ])('is only a remark if %s does not have it', (_, schema, media) => {
    expect(imported(schema, media).accepts('10:00:00')).toBe(true);
  });

  it.each([
    ['its own example', { ...time, example: '09:00:00Z' }, {}],
    ['the example of a body', time, { example: { a: '09:00:00Z' } }],
    ['an example behind a reference', { $ref: '#/components/schemas/T' }, { example: { a: '09:00:00Z' } }],
  ])('is checked if %s has it, and all other examples do', (_, schema, media) => {
    const { accepts } = imported(schema, media, { schemas: { T: time } });
    expect(accepts('10:00:00Z')).toBe(true);
    expect(accepts('10:00')).toBe(false);
  });

  it('of a number is a remark, because its type already implies it', () => {
    expect(imported({ type: 'integer', format: 'int32', example: 1 }).a).toEqual({
      type: 'integer',
      examples: [1],
    });
  });

  it('is also shown by the example of a parameter', () => {
    const parameters = [
      { name: 'since', in: 'query', example: '2026-01-31', schema: { type: 'string', format: 'date' } },
    ];
    const [tool] = importSample(sampleDocument({ '/things': { get: { parameters } } })).tools;
    expect(tool?.input['properties']).toEqual({ since: { type: 'string', format: 'date' } });
  });
});
