import { defineProvider } from '../provider.js';

/** An API key in the query of each request. */
export const apiKeyQuery = defineProvider({
  id: 'api-key-query',
  name: 'API key in the query',
  auth: { kind: 'fields', fields: [{ name: 'api-key', label: 'API key', secret: true }] },
  settings: [
    {
      name: 'parameter',
      label: 'Query parameter',
      pattern: '[A-Za-z][A-Za-z0-9._-]{0,99}',
      example: 'key',
      default: 'api_key',
    },
  ],
  hosts: [],
  credential: [{ in: 'query', name: '{parameter}', value: '{api-key}' }],
  sources: [
    {
      fact: 'API keys in the query',
      url: 'https://spec.openapis.org/oas/v3.1.0#security-scheme-object',
      checked: '2026-11-30',
    },
  ],
});
