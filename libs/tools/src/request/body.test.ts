import fc from 'fast-check';

import { ToolRequestError } from '../tools.errors.js';
import { buildRequest, type BindableTool } from './binding.js';

type Http = BindableTool['http'];

function tool(http: Partial<Http>, properties: readonly string[] = []): BindableTool {
  return {
    provider: { slug: 'acme', base_url: 'https://api.acme.test' },
    input: { type: 'object', properties: Object.fromEntries(properties.map((name) => [name, {}])) },
    http: { method: 'POST', path: '/things', parameters: [], headers: {}, ...http },
  };
}

function refusal(build: () => unknown): string {
  try {
    build();
  } catch (error) {
    if (error instanceof ToolRequestError) return `${error.code} ${error.argument}`;
    throw error;
  }
  return 'not refused';
}

describe('a body', () => {
  it('is the value of one argument, of any type, and is absent without it', () => {
    const whole = tool({ body: { encoding: 'json', argument: 'labels' } }, ['labels']);
    expect(buildRequest(whole, { labels: ['a', 'b'] }).body).toBe('["a","b"]');
    expect(buildRequest(whole, { labels: 'text' }).body).toBe('"text"');
    expect(buildRequest(whole, { labels: null }).body).toBe('null');
    expect(buildRequest(whole, {})).toEqual({
      method: 'POST',
      url: 'https://api.acme.test/things',
      headers: { accept: 'application/json' },
    });
    expect(refusal(() => buildRequest(whole, { labels: [], other: 1 }))).toBe('TOOL_ARGUMENT_UNPLACED other');
  });

  it('holds the arguments under one member, beside the fixed members', () => {
    const graphql = tool({ body: { encoding: 'json', under: 'variables', fixed: { query: 'mutation' } } }, [
      'title',
    ]);
    expect(buildRequest(graphql, { title: 'x', query: 'mine' }).body).toBe(
      '{"query":"mutation","variables":{"title":"x","query":"mine"}}',
    );
    expect(buildRequest(graphql, {}).body).toBe('{"query":"mutation","variables":{}}');
  });

  it('never has a fixed member replaced', () => {
    const fixed = tool({ body: { encoding: 'json', fixed: { source: 'mesh' } } }, ['text']);
    expect(buildRequest(fixed, { text: 'x' }).body).toBe('{"source":"mesh","text":"x"}');
    expect(refusal(() => buildRequest(fixed, { source: 'mine' }))).toBe('TOOL_ARGUMENT_FIXED source');
  });

  it('is a form, with deeper members in brackets', () => {
    const form = tool({ body: { encoding: 'form' } }, ['amount']);
    const request = buildRequest(form, { amount: 5, metadata: { a: 'x&y', b: null }, on: true });
    expect(request.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect([...new URLSearchParams(String(request.body))]).toEqual([
      ['amount', '5'],
      ['metadata[a]', 'x&y'],
      ['metadata[b]', ''],
      ['on', 'true'],
    ]);
  });

  const lists = {
    tags: ['a', 'b'],
    none: [],
    filter: { ids: [1, null] },
    items: [{ price: 'p', sizes: ['s', 'm'] }, { price: 'q' }],
    mixed: ['x', [1, 2]],
  };

  it('in a form repeats the pair for each item of a list, and numbers items that are objects or lists', () => {
    const form = tool({ body: { encoding: 'form' } }, ['tags']);
    expect([...new URLSearchParams(String(buildRequest(form, lists).body))]).toEqual([
      ['tags', 'a'],
      ['tags', 'b'],
      ['none', ''],
      ['filter[ids][]', '1'],
      ['filter[ids][]', ''],
      ['items[0][price]', 'p'],
      ['items[0][sizes][]', 's'],
      ['items[0][sizes][]', 'm'],
      ['items[1][price]', 'q'],
      ['mixed[0]', 'x'],
      ['mixed[1][]', '1'],
      ['mixed[1][]', '2'],
    ]);
  });

  it('in a form numbers all items if the tool declares it', () => {
    const form = tool({ body: { encoding: 'form', lists: 'indexed', fixed: { expand: ['c', 'd'] } } }, [
      'tags',
    ]);
    const { mixed: _, ...args } = lists;
    expect([...new URLSearchParams(String(buildRequest(form, args).body))]).toEqual([
      ['expand[0]', 'c'],
      ['expand[1]', 'd'],
      ['tags[0]', 'a'],
      ['tags[1]', 'b'],
      ['none', ''],
      ['filter[ids][0]', '1'],
      ['filter[ids][1]', ''],
      ['items[0][price]', 'p'],
      ['items[0][sizes][0]', 's'],
      ['items[0][sizes][1]', 'm'],
      ['items[1][price]', 'q'],
    ]);
  });

  it('in a form keeps the brackets of a name unchanged, and doubles none', () => {
    const pairs = (body: Http['body'], args: Record<string, unknown>) => [
      ...new URLSearchParams(
        String(buildRequest(tool({ ...(body && { body }) }, Object.keys(args)), args).body),
      ),
    ];
    const expected = [
      ['ids[]', '1'],
      ['ids[]', '2'],
      ['page[size]', '3'],
    ];
    const args = { 'ids[]': [1, 2], 'page[size]': [3] };
    expect(pairs({ encoding: 'form', argument: 'order' }, { order: args })).toEqual(expected);
    expect(pairs({ encoding: 'form' }, args)).toEqual(expected);
    expect(pairs({ encoding: 'form', fixed: args }, {})).toEqual(expected);
    expect(pairs({ encoding: 'form' }, { filter: { '': [1], ids: [2] } })).toEqual([
      ['filter[]', '1'],
      ['filter[ids][]', '2'],
    ]);
    expect(pairs({ encoding: 'form', under: 'filter' }, { ids: [1] })).toEqual([['filter[ids][]', '1']]);
  });

  it('in a form clears a field with an empty list or object: its key has an empty value at any depth (RQ2)', () => {
    const form = tool({ body: { encoding: 'form' } }, ['a']);
    const args = { a: { b: {}, c: [] }, 'd[]': [], e: {}, f: 1, g: [{}] };
    expect([...new URLSearchParams(String(buildRequest(form, args).body))]).toEqual([
      ['a[b]', ''],
      ['a[c]', ''],
      ['d[]', ''],
      ['e', ''],
      ['f', '1'],
      ['g[0]', ''],
    ]);
  });

  it('as a whole form is an object with the names as members', () => {
    const whole = tool({ body: { encoding: 'form', argument: 'order' } }, ['order']);
    expect(buildRequest(whole, { order: { ids: [1, 2] } }).body).toBe('ids=1&ids=2');
    expect(refusal(() => buildRequest(whole, { order: ['a'] }))).toBe('TOOL_ARGUMENT_SHAPE order');
    expect(refusal(() => buildRequest(whole, { order: 'a' }))).toBe('TOOL_ARGUMENT_SHAPE order');
  });

  it('in a form keeps every value within its own pair (RQ1, RQ2)', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' })), (values) => {
        const { body } = buildRequest(tool({ body: { encoding: 'form' } }, ['x']), { values });
        const pairs = Object.entries(values).map(([name, value]) => [`values[${name}]`, value]);
        expect([...new URLSearchParams(String(body))]).toEqual(pairs.length === 0 ? [['values', '']] : pairs);
      }),
    );
  });

  it('belongs to a DELETE only if the tool declares it', () => {
    expect(
      buildRequest(tool({ method: 'DELETE', body: { encoding: 'json' } }, ['ids']), { ids: [1] }).body,
    ).toBe('{"ids":[1]}');
    expect(refusal(() => buildRequest(tool({ method: 'DELETE' }, ['ids']), { ids: [1] }))).toBe(
      'TOOL_ARGUMENT_UNPLACED ids',
    );
  });
});

describe('a list or an object outside the body', () => {
  const query = (style: 'comma' | 'space' | 'pipe' | 'deep_object') =>
    tool({ method: 'GET', parameters: [{ argument: 'a', in: 'query', name: 'a', style }] });

  it.each([
    ['comma', ['x,y', 'z'], '?a=x%2Cy,z'],
    ['space', ['x', 'z'], '?a=x%20z'],
    ['pipe', ['x', 'z'], '?a=x%7Cz'],
    ['comma', [], ''],
    ['comma', 'one', '?a=one'],
    ['deep_object', { b: {}, c: { d: [] } }, ''],
    ['deep_object', { b: 'x', c: { d: [1] } }, '?a%5Bb%5D=x&a%5Bc%5D%5Bd%5D%5B0%5D=1'],
    ['deep_object', ['x', 'y z'], '?a%5B%5D=x&a%5B%5D=y%20z'],
    [
      'deep_object',
      [{ b: 'x', c: ['y', 'z'] }],
      '?a%5B0%5D%5Bb%5D=x&a%5B0%5D%5Bc%5D%5B%5D=y&a%5B0%5D%5Bc%5D%5B%5D=z',
    ],
    ['deep_object', [], ''],
    ['deep_object', 1_700_000_000, '?a=1700000000'],
    ['deep_object', 'x y', '?a=x%20y'],
    ['deep_object', false, '?a=false'],
  ] as const)('is written in the style %s: %j', (style, a, search) => {
    expect(new URL(buildRequest(query(style), { a }).url).search).toBe(search);
  });

  it('is refused if its delimiter would split an item', () => {
    expect(refusal(() => buildRequest(query('space'), { a: ['x y'] }))).toBe('TOOL_LIST_DELIMITER a');
    expect(refusal(() => buildRequest(query('pipe'), { a: ['x|y'] }))).toBe('TOOL_LIST_DELIMITER a');
    expect(refusal(() => buildRequest(query('deep_object'), { a: null }))).toBe('TOOL_ARGUMENT_SHAPE a');
    expect(refusal(() => buildRequest(query('comma'), { a: [{}] }))).toBe('TOOL_ARGUMENT_SHAPE a');
  });

  it('in a header holds no item with a comma, and an empty one gives no header', () => {
    const inHeader = tool({
      method: 'GET',
      parameters: [{ argument: 'ids', in: 'header', name: 'X-Ids', style: 'comma' }],
    });
    expect(refusal(() => buildRequest(inHeader, { ids: ['a,b', 'c'] }))).toBe('TOOL_LIST_DELIMITER ids');
    expect(buildRequest(inHeader, { ids: 'a,b' }).headers['x-ids']).toBe('a,b');
    expect(buildRequest(inHeader, { ids: [] }).headers).toEqual({ accept: 'application/json' });
  });

  it('is written with commas in a path or a header, each item within its own place', () => {
    const both = tool({
      method: 'GET',
      path: '/things/{ids}',
      parameters: [
        { argument: 'ids', in: 'path', name: 'ids', style: 'comma' },
        { argument: 'tags', in: 'header', name: 'X-Tags', style: 'comma' },
      ],
    });
    const request = buildRequest(both, { ids: ['a/b', 2], tags: ['x', 'y'] });
    expect(request.url).toBe('https://api.acme.test/things/a%2Fb,2');
    expect(request.headers['x-tags']).toBe('x,y');
    expect(refusal(() => buildRequest(both, { ids: [] }))).toBe('TOOL_PATH_VALUE_EMPTY ids');
    expect(refusal(() => buildRequest(both, { ids: ['..'] }))).toBe('TOOL_PATH_DOT_SEGMENT ids');
  });
});
