import { toolForms } from '@action-mesh/projections';

import { RequestRefusedError } from '../domain/gateway.errors.js';
import { readToolForm, readToolQuery } from './tool-query.js';

describe('readToolQuery', () => {
  it('reads numbers, and has defaults', () => {
    expect(readToolQuery({ query: 'x', limit: '5', form: 'openai' })).toEqual({
      query: 'x',
      limit: 5,
      form: 'openai',
      meta: 'false',
    });
    expect(readToolQuery({})).toEqual({ form: 'mesh', meta: 'false' });
    expect(readToolQuery({ meta: 'true', form: 'mcp' })).toEqual({ form: 'mcp', meta: 'true' });
  });

  it.each<[unknown, string]>([
    [{ limit: '0' }, '/limit'],
    [{ limit: 'many' }, '/limit'],
    [{ limit: '1e2' }, '/limit'],
    [{ limit: '0x10' }, '/limit'],
    [{ limit: '1.0' }, '/limit'],
    [{ effect: 'sometimes' }, '/effect'],
    [{ form: 'cohere' }, '/form'],
    [{ query: ['a', 'b'] }, '/query'],
    [{ query: 'x'.repeat(501) }, '/query'],
    [{ colour: 'red' }, '/colour'],
    [{ meta: 'true', query: 'x' }, '/query'],
    [{ meta: 'true', limit: '1' }, '/limit'],
    [{ meta: 'true', toolkit: 'crm' }, '/toolkit'],
  ])('refuses %j and says which parameter is wrong', (parameters, pointer) => {
    try {
      readToolQuery(parameters);
    } catch (error) {
      if (!(error instanceof RequestRefusedError)) throw error;
      expect(error.problems.map((problem) => problem.pointer)).toEqual([pointer]);
      return;
    }
    throw new Error('not refused');
  });
});

describe('a query with an unknown parameter', () => {
  it('is refused with the names of the known ones', () => {
    let thrown: unknown;
    try {
      readToolQuery({ colour: 'red' });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      problems: [
        {
          pointer: '/colour',
          message:
            'is not a parameter of a query for tools; it takes query, provider, toolkit, tag, effect, connection, user_id, limit, cursor, form, meta',
        },
      ],
    });
  });
});

describe('readToolForm', () => {
  it('accepts only known forms', () => {
    expect(readToolForm(undefined)).toBe('mesh');
    for (const form of toolForms) expect(readToolForm(form)).toBe(form);
    expect(() => readToolForm('nothing')).toThrow(RequestRefusedError);
  });
});
