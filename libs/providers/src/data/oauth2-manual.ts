import { defineProvider } from '../provider.js';
import { addressPattern } from '../template-schema.js';

/** Any authorization server without metadata. The integration names the endpoints and the hosts of the API. */
export const oauth2Manual = defineProvider({
  id: 'oauth2-manual',
  name: 'OAuth 2.0 server without metadata',
  auth: {
    kind: 'oauth2',
    authorizationUrl: '{authorization-url}',
    tokenUrl: '{token-url}',
    clientAuth: '{client-auth}',
    pkce: '{pkce}',
    authorizeParameters: { audience: '{audience}' },
    tokenParameters: { audience: '{audience}' },
  },
  settings: [
    {
      name: 'authorization-url',
      label: 'Authorization endpoint',
      pattern: addressPattern,
      isUrl: true,
      example: 'https://login.example.com/authorize',
    },
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
      pattern: 'basic|body|none',
      help: 'Every server of RFC 6749 takes basic.',
      example: 'body',
      default: 'basic',
    },
    {
      name: 'pkce',
      label: 'PKCE',
      pattern: 'S256|off',
      help: 'off only for a server that refuses PKCE.',
      example: 'off',
      default: 'S256',
    },
    {
      name: 'audience',
      label: 'Audience',
      pattern: '\\S{1,500}',
      help: 'Only where the server asks for it.',
      example: 'https://api.example.com',
      default: '',
    },
  ],
  hosts: [],
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  sources: [
    {
      fact: 'the code grant, and Basic for every server',
      url: 'https://www.rfc-editor.org/rfc/rfc6749',
      checked: '2026-11-22',
    },
  ],
});
