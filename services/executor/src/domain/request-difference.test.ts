import type { PlainRequest } from './masked-request.js';
import { requestDifferences } from './request-difference.js';

const request: PlainRequest & { body: string } = {
  method: 'POST',
  url: 'https://api.example.com/v1/things?a=1',
  headers: { 'content-type': 'application/json', 'x-api-key': 'one' },
  body: '{"id":1,"list":[1,{"b":2}],"password":"p1"}',
};

const differences = (changes: Partial<PlainRequest>): unknown =>
  requestDifferences(request, { ...request, ...changes });

describe('two requests', () => {
  it('are equal in other notations of the same JSON', () => {
    expect(differences({})).toEqual([]);
    expect(differences({ body: '{ "list": [1.0, {"b": 20e-1}], "\\u0069d": 1, "password": "p1" }' })).toEqual(
      [],
    );
  });

  it('differ in every digit of their numbers', () => {
    const [first, second] = [12345678901234567890n, 12345678901234567891n].map((id) => `{"id":${id}}`);
    expect(requestDifferences({ ...request, body: first ?? '' }, { ...request, body: second ?? '' })).toEqual(
      [{ part: 'body', at: '/id', first: '12345678901234567890', second: '12345678901234567891' }],
    );
  });

  it('differ in named places', () => {
    expect(
      differences({
        method: 'PUT',
        url: 'https://api.example.com/v1/things?a=2',
        headers: { 'content-type': 'application/json', 'x-api-key': 'one', 'x-new': '1' },
        body: '{"id":"1","list":[1,{"b":2},3],"password":"p1","a/b":null}',
      }),
    ).toEqual([
      { part: 'method', first: 'POST', second: 'PUT' },
      {
        part: 'url',
        first: 'https://api.example.com/v1/things?a=1',
        second: 'https://api.example.com/v1/things?a=2',
      },
      { part: 'header', at: 'x-new', second: '1' },
      { part: 'body', at: '/id', first: '1', second: '"1"' },
      { part: 'body', at: '/list/2', second: '3' },
      { part: 'body', at: '/a~1b', second: 'null' },
    ]);
  });

  it('differ in secrets without showing them', () => {
    const other = { 'content-type': 'application/json', 'x-api-key': 'two' };
    const body = request.body.replace('"p1"', '{"deep":"p2"}');
    expect(differences({ headers: other, body })).toEqual([
      { part: 'header', at: 'x-api-key', first: '[masked]', second: '[masked]' },
      { part: 'body', at: '/password', first: '"[masked]"', second: '"[masked]"' },
    ]);
  });

  it('with bodies of another form differ as a whole', () => {
    const headers = { 'content-type': 'text/plain' };
    expect(
      requestDifferences({ ...request, headers, body: 'a' }, { ...request, headers, body: 'b' }),
    ).toEqual([{ part: 'body', first: 'a', second: 'b' }]);
    const files = { ...request, body: Buffer.from('a') };
    expect(requestDifferences(files, { ...files, body: Buffer.from('a') })).toEqual([]);
  });

  it('are compared in linear time', () => {
    const body = `{"list":[${Array.from({ length: 20_000 }, (_, n) => `{"n":${n}}`).join(',')}]}`;
    const startedAtMs = performance.now();
    expect(differences({ body })).toHaveLength(20_003);
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  });
});
