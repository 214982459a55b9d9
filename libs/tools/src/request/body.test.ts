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
  it('is the value of one argument, whatever that is, and absent without it', () => {
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

  it('holds the arguments under one member, beside what is the same in every request', () => {
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

  it('is a form, with what lies deeper in brackets', () => {
    const form = tool({ body: { encoding: 'form' } }, ['amount']);
    const request = buildRequest(form, {
      amount: 5,
      metadata: { a: 'x&y', b: null },
      items: [{ price: 'p' }],
      on: true,
    });
    expect(request.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect([...new URLSearchParams(request.body)]).toEqual([
      ['amount', '5'],
      ['metadata[a]', 'x&y'],
      ['metadata[b]', ''],
      ['items[0][price]', 'p'],
      ['on', 'true'],
    ]);
  });

  it('in a form keeps every value within its own pair (R1, R2)', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' })), (values) => {
        const { body } = buildRequest(tool({ body: { encoding: 'form' } }, ['x']), { values });
        expect([...new URLSearchParams(body)]).toEqual(
          Object.entries(values).map(([name, value]) => [`values[${name}]`, value]),
        );
      }),
    );
  });

  it('goes with a DELETE only where the tool says so', () => {
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
    ['deep_object', { b: 'x', c: { d: [1] } }, '?a%5Bb%5D=x&a%5Bc%5D%5Bd%5D%5B0%5D=1'],
  ] as const)('is written in the style %s: %j', (style, a, search) => {
    expect(new URL(buildRequest(query(style), { a }).url).search).toBe(search);
  });

  it('is refused where its delimiter would make two items of one', () => {
    expect(refusal(() => buildRequest(query('space'), { a: ['x y'] }))).toBe('TOOL_LIST_DELIMITER a');
    expect(refusal(() => buildRequest(query('pipe'), { a: ['x|y'] }))).toBe('TOOL_LIST_DELIMITER a');
    expect(refusal(() => buildRequest(query('deep_object'), { a: 'x' }))).toBe('TOOL_ARGUMENT_SHAPE a');
    expect(refusal(() => buildRequest(query('comma'), { a: [{}] }))).toBe('TOOL_ARGUMENT_SHAPE a');
  });

  it('stands in a path or a header with commas, each item within its own place', () => {
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
