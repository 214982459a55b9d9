import { oauthScopes } from '../oauth-scopes.js';

/** Google Calendar's API: https://developers.google.com/workspace/calendar/api/v3/reference. */
export const provider = {
  slug: 'google_calendar',
  baseUrl: 'https://www.googleapis.com/calendar/v3',
} as const;

/** The connection of the user, with these scopes. */
export const scopes = oauthScopes('google_oauth');

export const readonly = 'https://www.googleapis.com/auth/calendar.readonly';
export const events = 'https://www.googleapis.com/auth/calendar.events';
