import { RequestRefusedError } from './gateway.errors.js';
import { readForm, readToolQuery } from './tool-query.js';

describe('readToolQuery', () => {
  it('reads numbers, and has defaults', () => {
    expect(readToolQuery({ query: 'x', limit: '5', form: 'openai' })).toEqual({
      query: 'x',
      limit: 5,
      form: 'openai',
      meta: 'false',
    });
    expect(readToolQuery({})).toEqual({ form: 'mesh', meta: 'false' });
  });

  it.each<[unknown, string]>([
    [{ limit: '0' }, '/limit'],
    [{ limit: 'many' }, '/limit'],
    [{ effect: 'sometimes' }, '/effect'],
    [{ form: 'cohere' }, '/form'],
    [{ query: ['a', 'b'] }, '/query'],
    [{ query: 'x'.repeat(501) }, '/query'],
    [{ colour: 'red' }, ''],
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

describe('readForm', () => {
  it('takes a form that there is', () => {
    expect(readForm(undefined)).toBe('mesh');
    expect(readForm('openai')).toBe('openai');
    expect(() => readForm('nothing')).toThrow(RequestRefusedError);
  });
});
