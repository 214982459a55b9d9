import { defineProvider } from '../provider.js';

/** Two values in two headers, such as the key of an application and the key of a user. */
export const apiKeyFields = defineProvider({
  id: 'api-key-fields',
  name: 'Two API keys in headers',
  auth: {
    kind: 'fields',
    fields: [
      { name: 'first-key', label: 'First key', secret: true },
      { name: 'second-key', label: 'Second key', secret: true },
    ],
  },
  settings: [
    {
      name: 'first-header',
      label: 'Header of the first key',
      pattern: '[A-Za-z][A-Za-z0-9-]{0,99}',
      example: 'dd-api-key',
    },
    {
      name: 'second-header',
      label: 'Header of the second key',
      pattern: '[A-Za-z][A-Za-z0-9-]{0,99}',
      example: 'dd-application-key',
    },
  ],
  hosts: [],
  credential: [
    { in: 'header', name: '{first-header}', value: '{first-key}' },
    { in: 'header', name: '{second-header}', value: '{second-key}' },
  ],
  sources: [
    {
      fact: 'APIs with several keys',
      url: 'https://spec.openapis.org/oas/v3.1.0#security-requirement-object',
      checked: '2026-11-30',
    },
  ],
});
