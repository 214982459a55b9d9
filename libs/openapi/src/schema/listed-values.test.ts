import { ArgumentValidator } from '@action-mesh/tools';

import { documentWithBody, importSample } from '../sample-document.fake.js';

function converted(schema: object, openapi = '3.0.3') {
  const body = { type: 'object', required: ['a'], properties: { a: schema } };
  const { tools, first } = importSample(documentWithBody(body, { openapi }));
  const [tool] = tools;
  if (tool === undefined) throw new Error(JSON.stringify(first.reasons));
  const { a } = tool.input['properties'] as { a: Readonly<Record<string, unknown>> };
  return { a, tool, codes: first.warnings.map(({ code }) => code) };
}

describe('listed values of another type than the declared one', () => {
  it.each([
    [{ type: 'string', enum: [1, 2.5, true, 'x'] }, ['1', '2.5', 'true', 'x']],
    [{ type: 'integer', enum: ['1', '-2', 3] }, [1, -2, 3]],
    [{ type: 'number', enum: ['1.5', '2'] }, [1.5, 2]],
    [{ type: 'boolean', enum: ['true', 'false'] }, [true, false]],
    [{ type: 'string', enum: ['1', 1] }, ['1']],
    [{ type: 'string', nullable: true, enum: [1, null] }, ['1', null]],
  ])('are converted without a warning if nothing is lost: %j', (schema, expected) => {
    const { a, tool, codes } = converted(schema);
    expect(a['enum']).toEqual(expected);
    expect(codes).toEqual([]);
    const validator = new ArgumentValidator(tool);
    for (const value of expected) expect(validator.validate({ a: value })).toEqual({ ok: true });
  });

  it.each([
    [{ type: 'integer', enum: ['1', '2nd', '1.5', '01'] }, [1], 'enum_mismatch'],
    [{ type: 'string', enum: ['a', { b: 1 }, null] }, ['a'], 'enum_mismatch'],
    [{ type: 'integer', enum: ['one', 'two'] }, undefined, 'enum_dropped'],
    [{ type: 'array', enum: ['a'] }, undefined, 'enum_dropped'],
  ])('are left out with a warning if something would be lost: %j', (schema, expected, code) => {
    const { a, codes } = converted(schema);
    expect(a['enum']).toEqual(expected);
    expect(codes).toContain(code);
  });

  it('of a list that lists single values count for its items', () => {
    const { a, codes } = converted({ type: 'array', items: { type: 'string' }, enum: ['x', 1] });
    expect(a).toEqual({ type: 'array', items: { type: 'string', enum: ['x', '1'] } });
    expect(codes).toEqual(['enum_moved']);
  });

  it('of a constant are treated alike', () => {
    expect(converted({ type: 'string', const: 1 }, '3.1.0').a).toEqual({ type: 'string', const: '1' });
    expect(converted({ type: 'integer', const: 'x' }, '3.1.0')).toMatchObject({
      a: { type: 'integer' },
      codes: ['const_dropped'],
    });
  });
});

describe('a default', () => {
  it.each([
    [{ type: 'integer', default: '10' }, 10, []],
    [{ type: 'string', default: 5 }, '5', []],
    [{ type: 'boolean', default: 'false' }, false, []],
    [{ type: 'integer', default: 'ten' }, undefined, ['default_dropped']],
    [{ type: 'array', items: {}, default: 'all' }, undefined, ['default_dropped']],
    [{ type: 'string', enum: ['a', 'b'], default: 'c' }, undefined, ['default_dropped']],
    [{ type: 'string', enum: [1, 2], default: 1 }, '1', []],
    [{ type: 'string', nullable: true, default: null }, null, []],
  ])('is a value that the check accepts: %j', (schema, expected, warnings) => {
    const { a, codes } = converted(schema);
    expect(a['default']).toEqual(expected);
    expect(codes).toEqual(warnings);
  });
});
