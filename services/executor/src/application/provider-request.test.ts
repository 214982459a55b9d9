import type { Tool } from '@action-mesh/contracts/catalog';

import { withReference } from './provider-request.js';
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
    const sent = withReference(request, toolWith({ in: 'header', name: 'X-Reference' }), 'ref-1');
    expect(sent).toEqual({ ...request, headers: { accept: 'application/json', 'x-reference': 'ref-1' } });
  });

  it('travels in the query, beside what is there', () => {
    const sent = withReference(request, toolWith({ in: 'query', name: 'ref' }), 'ref&1');
    expect(sent.url).toBe('https://api.example/tickets?limit=1&ref=ref%261');
  });

  it('travels in the body, and makes one where there was none', () => {
    const tool = toolWith({ in: 'body', name: 'reference' });
    expect(withReference(request, tool, 'ref-1').body).toBe('{"title":"broken","reference":"ref-1"}');
    const { body: _none, ...bare } = request;
    expect(withReference(bare, tool, 'ref-1')).toMatchObject({
      body: '{"reference":"ref-1"}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('is added to nothing else', () => {
    expect(withReference(request, { effect: { class: 'opaque' } } as Tool, 'ref-1')).toBe(request);
  });
});
