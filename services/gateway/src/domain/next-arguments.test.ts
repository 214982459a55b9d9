import type { Pagination } from '@action-mesh/contracts/catalog';

import { nextArguments } from './next-arguments.js';

const input = {
  type: 'object',
  properties: {
    q: {},
    cursor: { type: 'string' },
    page: { type: ['integer', 'null'] },
    start: { type: 'integer' },
  },
};
const given = { q: 'a' };

const http = {
  method: 'GET' as const,
  path: '/',
  headers: {},
  parameters: ['q', 'cursor', 'page'].map((name) => ({ argument: name, in: 'query' as const, name })),
};
const tool = { input, http };

function next(
  pagination: Pagination,
  result: string,
  more: Readonly<Record<string, number | string>> = {},
): string | undefined {
  return nextArguments(pagination, tool, { ...given, ...more }, `{"status":"succeeded","result":${result}}`);
}

describe('the arguments of the next page', () => {
  const token = { by: 'token', argument: 'cursor', at: '/meta/next' } as const;

  it('have the token of the page before, as its exact text', () => {
    expect(next(token, '{"meta":{"next":"a\\u002fb"}}')).toBe('{"q":"a","cursor":"a\\u002fb"}');
    expect(next(token, '{"meta":{"next":7615917337495251231}}', { cursor: 'old' })).toBe(
      '{"q":"a","cursor":"7615917337495251231"}',
    );
    expect(next({ ...token, argument: 'page' }, '{"meta":{"next":"3"}}')).toBe('{"q":"a","page":3}');
  });

  it.each([
    '{}',
    '{"meta":{}}',
    '{"meta":{"next":null}}',
    '{"meta":{"next":""}}',
    '{"meta":{"next":false}}',
    '{"meta":{"next":{}}}',
    '{"meta":[]}',
    '"text"',
    '{"meta":{"next":"a","next":"b"}}',
  ])('are absent after the last page: %s', (result) => {
    expect(next(token, result)).toBeUndefined();
  });

  it('are absent when the provider says that no more pages exist, or leads in a circle', () => {
    const more = { ...token, more: '/more' };
    expect(next(more, '{"meta":{"next":"b"},"more":true}')).toBeDefined();
    expect(next(more, '{"meta":{"next":"b"},"more":false}')).toBeUndefined();
    expect(next(more, '{"meta":{"next":"b"}}')).toBeUndefined();
    expect(next(token, '{"meta":{"next":"b"}}', { cursor: 'b' })).toBeUndefined();
  });

  it('have the id of the last item', () => {
    const last = {
      by: 'last_item',
      argument: 'cursor',
      items: '/data',
      id: '/id',
      more: '/has_more',
    } as const;
    expect(next(last, '{"data":[{"id":"ch_1"},{"id":"ch_2"}],"has_more":true}')).toBe(
      '{"q":"a","cursor":"ch_2"}',
    );
    expect(next(last, '{"data":[{"id":"ch_1"}],"has_more":false}')).toBeUndefined();
    expect(next(last, '{"data":[],"has_more":true}')).toBeUndefined();
    expect(next(last, '{"data":{"id":"ch_1"},"has_more":true}')).toBeUndefined();
  });

  it('count the items before the page', () => {
    const offset = { by: 'offset', argument: 'start', items: '/values', total: '/total' } as const;
    expect(next(offset, '{"values":[1,2],"total":5}')).toBe('{"q":"a","start":2}');
    expect(next(offset, '{"values":[1,2],"total":5}', { start: 2 })).toBe('{"q":"a","start":4}');
    expect(next(offset, '{"values":[1],"total":5}', { start: 4 })).toBeUndefined();
    expect(next(offset, '{"values":[],"total":5}')).toBeUndefined();
    expect(next(offset, '{"values":[1]}')).toBeUndefined();
  });

  it('are those of a link, in the types of the arguments', () => {
    const after = (upstream: object, more = {}): unknown => {
      const outcome = JSON.stringify({ status: 'succeeded', upstream, result: [] });
      return nextArguments({ by: 'link' }, tool, { ...given, ...more }, outcome);
    };
    expect(after({ next: { page: '2', q: 'a' } })).toBe('{"q":"a","page":2}');
    expect(after({ next: { cursor: '2' } })).toBe('{"q":"a","cursor":"2"}');
    expect(after({ next: { page: '2' } }, { page: 2 })).toBeUndefined();
    expect(after({})).toBeUndefined();
    const inBody = { by: 'link', at: '/next' } as const;
    expect(next(inBody, '{"next":"https://api.example/x?page=3&key=secret#a"}')).toBe('{"q":"a","page":3}');
    expect(next(inBody, '{"next":"/x?key=secret"}')).toBeUndefined();
    expect(next(inBody, '{"next":null}')).toBeUndefined();
  });

  it('are absent without a page', () => {
    const after = (outcome: string): unknown => nextArguments(token, tool, given, outcome);
    expect(after('{"status":"failed","result":{"meta":{"next":"b"}}}')).toBeUndefined();
    expect(after('{"status":"succeeded"}')).toBeUndefined();
  });
});
