import { defineProvider } from '../provider.js';

/** An API key in a header. A bearer token: header `authorization`, scheme `Bearer`. */
export const apiKeyHeader = defineProvider({
  id: 'api-key-header',
  name: 'API key in a header',
  auth: { kind: 'fields', fields: [{ name: 'api-key', label: 'API key', secret: true }] },
  settings: [
    {
      name: 'header',
      label: 'Header',
      pattern: '[A-Za-z][A-Za-z0-9-]{0,99}',
      example: 'authorization',
      default: 'x-api-key',
    },
    {
      name: 'scheme',
      label: 'Word before the key',
      pattern: '[A-Za-z][A-Za-z0-9._-]{0,49}',
      example: 'Bearer',
      default: '',
    },
  ],
  hosts: [],
  credential: [{ in: 'header', name: '{header}', value: '{scheme} {api-key}' }],
  sources: [
    {
      fact: 'API keys in headers',
      url: 'https://spec.openapis.org/oas/v3.1.0#security-scheme-object',
      checked: '2026-11-30',
    },
  ],
});
