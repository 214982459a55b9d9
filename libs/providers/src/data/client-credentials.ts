import { defineProvider } from '../provider.js';
import { addressPattern } from '../template-schema.js';

/** An API with clients that act for themselves. The user enters a client id and a client secret. */
export const clientCredentials = defineProvider({
  id: 'client-credentials',
  name: 'Client credentials',
  auth: {
    kind: 'client_credentials',
    tokenUrl: '{token-url}',
    clientAuth: '{client-auth}',
    tokenParameters: { audience: '{audience}', resource: '{resource}' },
  },
  settings: [
    {
      name: 'token-url',
      label: 'Token endpoint',
      pattern: addressPattern,
      isUrl: true,
      example: 'https://login.example.com/token',
    },
    {
      name: 'client-auth',
      label: 'Client authentication',
      pattern: 'basic|body',
      help: 'Every server of RFC 6749 takes basic.',
      example: 'body',
      default: 'basic',
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
  sources: [
    {
      fact: 'the grant client_credentials',
      url: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.4',
      checked: '2026-11-22',
    },
  ],
});
