import { days } from '../lifetimes.js';
import { defineProvider } from '../provider.js';

const auth = 'https://www.googleapis.com/auth';

export const google = defineProvider({
  id: 'google',
  name: 'Google',
  auth: {
    kind: 'oauth2',
    authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    issuer: 'https://accounts.google.com',
    // Without both, a second consent gives no refresh token.
    authorizeParameters: { access_type: 'offline', prompt: 'consent', include_granted_scopes: 'true' },
    // The ID token names the account.
    requiredScopes: ['openid', 'email'],
    // `admin_policy_enforced` and `invalid_rapt` mean that an administrator demands a new sign-in.
    errors: { permanent: ['invalid_rapt', 'admin_policy_enforced', 'deleted_client'] },
    refresh: { rotates: 'never', idleMs: days(180) },
    revocation: { url: 'https://oauth2.googleapis.com/revoke', tokens: ['refresh'] },
  },
  scopes: [`${auth}/gmail.modify`, `${auth}/calendar.events`, `${auth}/calendar.readonly`],
  impliedScopes: {
    'https://mail.google.com/': [`${auth}/gmail.modify`],
    [`${auth}/gmail.modify`]: [
      `${auth}/gmail.readonly`,
      `${auth}/gmail.compose`,
      `${auth}/gmail.labels`,
      `${auth}/gmail.send`,
    ],
    [`${auth}/gmail.compose`]: [`${auth}/gmail.send`],
    [`${auth}/calendar`]: [`${auth}/calendar.events`, `${auth}/calendar.readonly`],
    [`${auth}/calendar.events`]: [`${auth}/calendar.events.readonly`],
    [`${auth}/calendar.readonly`]: [
      `${auth}/calendar.events.readonly`,
      `${auth}/calendar.calendarlist.readonly`,
      `${auth}/calendar.freebusy`,
    ],
    [`${auth}/drive`]: [`${auth}/drive.readonly`, `${auth}/drive.file`],
    [`${auth}/spreadsheets`]: [`${auth}/spreadsheets.readonly`],
    [`${auth}/documents`]: [`${auth}/documents.readonly`],
  },
  hosts: ['www.googleapis.com', '*.googleapis.com'],
  baseUrl: 'https://www.googleapis.com',
  credential: [{ in: 'header', name: 'authorization', value: 'Bearer {access_token}' }],
  identity: { from: 'id_token', id: '/sub', name: '/email' },
  sources: [
    {
      fact: 'access_type, prompt, refresh answers without a refresh token',
      url: 'https://developers.google.com/identity/protocols/oauth2/web-server',
      checked: '2026-11-30',
    },
    {
      fact: 'a refresh token ends after six months without use, and in the status Testing after seven days',
      url: 'https://developers.google.com/identity/protocols/oauth2#expiration',
      checked: '2026-11-22',
    },
    {
      fact: 'the scopes that include others',
      url: 'https://developers.google.com/workspace/gmail/api/auth/scopes',
      checked: '2026-11-30',
    },
  ],
});
