import type { Tool } from '@action-mesh/contracts/catalog';

import type { ProviderRequest } from './tools.port.js';

/** Adds what the provider can later be asked for, where the tool is `probeable`; every attempt carries the same. */
export function withReference(
  request: ProviderRequest,
  { effect }: Tool,
  reference: string,
): ProviderRequest {
  if (effect.class !== 'probeable') return request;
  const { in: place, name } = effect.reference;
  switch (place) {
    case 'header':
      return { ...request, headers: { ...request.headers, [name.toLowerCase()]: reference } };
    case 'query': {
      const url = new URL(request.url);
      url.searchParams.set(name, reference);
      return { ...request, url: url.href };
    }
    case 'body': {
      const body = JSON.parse(request.body ?? '{}') as Record<string, unknown>;
      const headers = { 'content-type': 'application/json', ...request.headers };
      return { ...request, headers, body: JSON.stringify({ ...body, [name]: reference }) };
    }
  }
}
