import { importSample, sampleDocument } from '../sample-document.fake.js';

type Properties = Readonly<Record<string, unknown>>;

const text = { type: 'string' };

function paginationOf(
  names: readonly string[],
  answer: Properties,
  headers: Properties = {},
  method = 'get',
): unknown {
  const schema = { type: 'object', properties: answer };
  const operation = {
    operationId: 'listThings',
    parameters: names.map((name) => ({ name, in: 'query', schema: text })),
    responses: { 200: { description: 'ok', headers, content: { 'application/json': { schema } } } },
  };
  const { tools } = importSample(sampleDocument({ '/things': { [method]: operation } }));
  expect(tools).toHaveLength(1);
  return tools[0]?.pagination;
}

describe('the pagination of an imported tool', () => {
  it.each([
    ['page_token', { next_page_token: text }, '/next_page_token'],
    ['pageToken', { items: {}, nextPageToken: text }, '/nextPageToken'],
    [
      'cursor',
      { response_metadata: { type: 'object', properties: { next_cursor: text } } },
      '/response_metadata/next_cursor',
    ],
    [
      'cursor',
      { meta: { allOf: [{ type: 'object', properties: { nextCursor: text } }] } },
      '/meta/nextCursor',
    ],
    ['NextToken', { NextToken: text }, '/NextToken'],
  ])('takes %s from the answer', (argument, answer, at) => {
    expect(paginationOf(['limit', argument], answer)).toEqual({ by: 'token', argument, at });
  });

  it('takes the id of the last item', () => {
    const answer = { data: { type: 'array', items: {} }, has_more: { type: 'boolean' } };
    expect(paginationOf(['starting_after'], answer)).toEqual({
      by: 'last_item',
      argument: 'starting_after',
      items: '/data',
      id: '/id',
      more: '/has_more',
    });
  });

  it('takes a described Link header', () => {
    expect(paginationOf(['page'], {}, { link: { schema: text } })).toEqual({ by: 'link' });
    expect(paginationOf(['q'], {}, { Link: { schema: text } })).toBeUndefined();
  });

  it('is absent when nothing is certain', () => {
    expect(paginationOf(['cursor'], { cursor: text })).toBeUndefined();
    expect(paginationOf(['page'], { total: {} })).toBeUndefined();
    expect(paginationOf(['q'], { next_cursor: text })).toBeUndefined();
    expect(paginationOf(['page'], {}, { Link: {} }, 'post')).toBeUndefined();
  });
});
