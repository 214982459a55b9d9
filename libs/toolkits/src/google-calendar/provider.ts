import { z } from 'zod';

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

export const calendarId = z
  .string()
  .min(1)
  .describe('ID of the calendar; primary is that of the connected user.');

export const sendUpdates = z
  .enum(['all', 'externalOnly', 'none'])
  .optional()
  .describe('Who gets an e-mail about it. Default none.');

/** When an event begins or ends. */
export const eventTime = z.strictObject({
  dateTime: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('A time, such as 2026-12-01T10:00:00+01:00.'),
  date: z.iso.date().optional().describe('A whole day instead.'),
  timeZone: z.string().optional().describe('IANA name of the time zone.'),
});

/** What an event says besides its title and its times. */
export const eventDetails = {
  description: z.string().max(8_192).optional().describe('More about it.'),
  location: z.string().optional().describe('Where.'),
};

/** Who comes to an event, and how often it is. */
export const eventGuests = {
  attendees: z
    .array(z.strictObject({ email: z.email(), optional: z.boolean().optional() }))
    .max(200)
    .optional()
    .describe('Who is invited.'),
  recurrence: z.array(z.string()).optional().describe('RRULE lines of iCalendar.'),
};
