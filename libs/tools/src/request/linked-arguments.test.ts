import { linkedArguments } from './linked-arguments.js';

describe('the arguments in a link', () => {
  const parameters = [
    { argument: 'page', in: 'query', name: 'p' },
    { argument: 'owner', in: 'path', name: 'owner' },
    { argument: 'tags', in: 'query', name: 'tag' },
    { argument: 'filter', in: 'query', name: 'filter', style: 'deep_object' },
  ] as const;
  const tool = { http: { method: 'GET', path: '/x', headers: {}, parameters: [...parameters] } } as const;
  const read = (query: string): unknown =>
    linkedArguments({ http: { ...tool.http, parameters: [...parameters] } }, query);

  it('are those of the query, by the names of the tool', () => {
    expect(read('?p=a%20b&tag=x&owner=o&access_token=secret')).toEqual({ page: 'a b', tags: 'x' });
    expect(read('p=1&p=2')).toBeUndefined();
    expect(read('access_token=secret&filter=1')).toBeUndefined();
    expect(read(`p=${'1'.repeat(9_000)}`)).toBeUndefined();
  });
});
