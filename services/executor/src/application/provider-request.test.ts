import type { Tool } from '@action-mesh/contracts/catalog';

import { withProviderKey } from './provider-request.js';
import type { ProviderRequest } from './tools.port.js';

const request: ProviderRequest = {
  method: 'POST',
  url: 'https://api.example/tickets?limit=1',
  headers: { accept: 'application/json' },
  body: '{"title":"broken"}',
};

function toolWith(reference: { in: 'header' | 'query' | 'body'; name: string }): Tool {
  const effect = { class: 'probeable', probe: 'find', settle_ms: 0, argument: 'r', found: '', reference };
  return { effect } as unknown as Tool;
}

describe('the reference of a probeable tool', () => {
  it('travels in a header', () => {
    const sent = withProviderKey(request, toolWith({ in: 'header', name: 'X-Reference' }), 'ref-1');
    expect(sent).toEqual({ ...request, headers: { accept: 'application/json', 'x-reference': 'ref-1' } });
  });

  it('travels in the query, beside other parameters', () => {
    const sent = withProviderKey(request, toolWith({ in: 'query', name: 'ref' }), 'ref&1');
    expect(sent.url).toBe('https://api.example/tickets?limit=1&ref=ref%261');
  });

  it('travels in the body, and makes one for a request without a body', () => {
    const tool = toolWith({ in: 'body', name: 'reference' });
    expect(withProviderKey(request, tool, 'ref-1').body).toBe('{"title":"broken","reference":"ref-1"}');
    const { body: _none, ...bare } = request;
    expect(withProviderKey(bare, tool, 'ref-1')).toMatchObject({
      body: '{"reference":"ref-1"}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('is added nowhere else', () => {
    expect(withProviderKey(request, { effect: { class: 'opaque' } } as Tool, 'ref-1')).toBe(request);
  });
});

describe('the key of a keyed tool', () => {
  const keyed = (place: 'header' | 'query' | 'body', name: string): Tool =>
    ({ effect: { class: 'keyed', in: place, name, ttl_ms: 1 } }) as unknown as Tool;

  it('stands in the place that the provider reads', () => {
    expect(withProviderKey(request, keyed('header', 'Idempotency-Key'), 'k').headers).toMatchObject({
      'idempotency-key': 'k',
    });
    expect(withProviderKey(request, keyed('query', 'requestId'), 'k').url).toMatch(/\?limit=1&requestId=k$/);
    expect(withProviderKey(request, keyed('body', 'request_id'), 'k').body).toBe(
      '{"title":"broken","request_id":"k"}',
    );
  });

  it('stands in a form as one of its pairs', () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const tool = keyed('body', 'client token');
    expect(withProviderKey({ ...request, headers, body: 'a=1' }, tool, 'k&').body).toBe(
      'a=1&client%20token=k%26',
    );
    expect(withProviderKey({ ...request, headers, body: '' }, tool, 'k').body).toBe('client%20token=k');
  });

  it('leaves numbers and other members unchanged, and wins over a member of the same name', () => {
    const body = '{"id":1e400,"n":12345678901234567890.5,"key":"of the caller"}';
    const sent = String(withProviderKey({ ...request, body }, keyed('body', 'key'), 'k').body);
    expect(sent.startsWith(body.slice(0, -1))).toBe(true);
    expect(JSON.parse(sent)).toMatchObject({ key: 'k' });
    expect(withProviderKey({ ...request, body: '{ }' }, keyed('body', 'key'), 'k').body).toBe('{ "key":"k"}');
  });
});
