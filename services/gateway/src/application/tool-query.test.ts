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
    [{ effect: 'sometimes' }, '/effect'],
    [{ form: 'cohere' }, '/form'],
    [{ query: ['a', 'b'] }, '/query'],
    [{ query: 'x'.repeat(501) }, '/query'],
    [{ colour: 'red' }, ''],
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

describe('readToolForm', () => {
  it('takes a form that there is', () => {
    expect(readToolForm(undefined)).toBe('mesh');
    for (const form of toolForms) expect(readToolForm(form)).toBe(form);
    expect(() => readToolForm('nothing')).toThrow(RequestRefusedError);
  });
});
