import { oauthScopes } from '../oauth-scopes.js';

/** Gmail's API: https://developers.google.com/workspace/gmail/api/reference/rest. `me` is the connected user. */
export const provider = { slug: 'gmail', baseUrl: 'https://gmail.googleapis.com/gmail/v1' } as const;

/** Makes a tool's `security`: the user's connection with these scopes. */
export const scopes = oauthScopes('google_oauth');

const scope = 'https://www.googleapis.com/auth/gmail';

export const readonly = `${scope}.readonly`;
export const send = `${scope}.send`;
export const compose = `${scope}.compose`;
export const modify = `${scope}.modify`;
export const labels = `${scope}.labels`;
