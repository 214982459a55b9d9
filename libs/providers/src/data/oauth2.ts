import { defineProvider } from '../provider.js';
import { addressPattern } from '../template-schema.js';

/** Any authorization server that publishes its metadata. The integration names the hosts of the API. */
export const oauth2 = defineProvider({
  id: 'oauth2',
  name: 'OAuth 2.0 server with metadata',
  auth: {
    kind: 'discovered',
    authorizeParameters: { audience: '{audience}', resource: '{resource}' },
    tokenParameters: { audience: '{audience}', resource: '{resource}' },
  },
  settings: [
    {
      name: 'issuer',
      label: 'Issuer',
      pattern: addressPattern,
      isUrl: true,
      help: 'Its metadata names the endpoints.',
      example: 'https://login.example.com',
    },
    {
      name: 'audience',
      label: 'Audience',
      pattern: '\\S{1,500}',
      help: 'Only where the server asks for it.',
      example: 'https://api.example.com',
      default: '',
    },
    {
      name: 'resource',
      label: 'Resource (RFC 8707)',
      pattern: 'https?:\\S{1,500}',
      help: 'Only where the server asks for it.',
      example: 'https://api.example.com',
      default: '',
    },
  ],
  hosts: [],
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'id_token', id: ['/iss', '/sub'], name: '/email' },
  sources: [
    {
      fact: 'metadata of authorization servers',
      url: 'https://www.rfc-editor.org/rfc/rfc8414',
      checked: '2026-11-22',
    },
    {
      fact: 'the parameter resource',
      url: 'https://www.rfc-editor.org/rfc/rfc8707',
      checked: '2026-11-22',
    },
  ],
});
