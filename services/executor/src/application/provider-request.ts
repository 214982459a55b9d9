import type { Tool } from '@action-mesh/contracts/catalog';

import type { ProviderRequest } from './tools.port.js';

const form = 'application/x-www-form-urlencoded';

/**
 * Adds the stored key of a call in the place that its tool declares. It is the idempotency key of a `keyed` tool, or
 * the reference of a `probeable` one. Every attempt carries the same key.
 */
export function withProviderKey(
  request: ProviderRequest,
  { effect }: Tool,
  providerKey: string,
): ProviderRequest {
  if (effect.class === 'keyed') return withMember(request, effect, providerKey);
  return effect.class === 'probeable' ? withMember(request, effect.reference, providerKey) : request;
}

function withMember(
  request: ProviderRequest,
  { in: place, name }: { readonly in: 'header' | 'query' | 'body'; readonly name: string },
  value: string,
): ProviderRequest {
  const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  switch (place) {
    case 'header':
      return { ...request, headers: { ...request.headers, [name.toLowerCase()]: value } };
    case 'query':
      return { ...request, url: `${request.url}${request.url.includes('?') ? '&' : '?'}${pair}` };
    case 'body': {
      const headers = { 'content-type': 'application/json', ...request.headers };
      // Only JSON and text forms get members here. The compiler refuses all other bodies.
      const text = String(request.body ?? '');
      const body = headers['content-type'].startsWith(form)
        ? [text, pair].filter((part) => part !== '').join('&')
        : withJsonMember(text === '' ? '{}' : text, name, value);
      return { ...request, headers, body };
    }
  }
}

/**
 * Adds a member to a JSON text. It edits the text because a parser would round the numbers of other members. The new
 * member comes last, so it wins over one of the same name.
 */
function withJsonMember(object: string, name: string, value: string): string {
  const others = object.slice(0, object.lastIndexOf('}'));
  const separator = others.trim() === '{' ? '' : ',';
  return `${others}${separator}${JSON.stringify(name)}:${JSON.stringify(value)}}`;
}
