import { defineProvider } from '../provider.js';

/** A user name and a password in each request. Many APIs take a key as the user name and no password. */
export const basic = defineProvider({
  id: 'basic',
  name: 'User name and password',
  auth: {
    kind: 'fields',
    fields: [
      { name: 'username', label: 'User name', secret: false, pattern: '[^:\\p{Cc}]{1,255}' },
      { name: 'password', label: 'Password', secret: true, optional: true },
    ],
  },
  hosts: [],
  credential: [{ in: 'header', name: 'authorization', value: '{username}:{password}', encode: 'basic' }],
  sources: [
    {
      fact: 'the form of Basic, and no colon in a user name',
      url: 'https://www.rfc-editor.org/rfc/rfc7617',
      checked: '2026-11-22',
    },
  ],
});
