import { z } from 'zod';

import { anyOf, oauthScopes } from '../oauth-scopes.js';

/** Google Calendar's API: https://developers.google.com/workspace/calendar/api/v3/reference. */
export const provider = {
  slug: 'google_calendar',
  baseUrl: 'https://www.googleapis.com/calendar/v3',
} as const;

/** The connection of the user, with these scopes. */
export const scopes = oauthScopes('google_oauth');

export const events = 'https://www.googleapis.com/auth/calendar.events';

const readonly = 'https://www.googleapis.com/auth/calendar.readonly';

/** What reading events needs. */
export const readingEvents = anyOf(
  scopes,
  'https://www.googleapis.com/auth/calendar.events.readonly',
  events,
  readonly,
);

/** What reading the list of calendars needs. */
export const readingCalendars = anyOf(
  scopes,
  'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
  readonly,
);

/** What asking for busy times needs. */
export const readingBusyTimes = anyOf(scopes, 'https://www.googleapis.com/auth/calendar.freebusy', readonly);

export const calendarId = z
  .string()
  .min(1)
  .describe('ID of the calendar; primary is that of the connected user.');

export const sendUpdates = z
  .enum(['all', 'externalOnly', 'none'])
  .optional()
  .describe('Who gets an e-mail about it. Default none.');

const timeZone = z
  .string()
  .optional()
  .describe('IANA name of the time zone. An event with recurrence needs it.');

/** When an event begins or ends. */
export const eventTime = z.strictObject({
  dateTime: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('A time, such as 2026-12-01T10:00:00+01:00.'),
  date: z.iso.date().optional().describe('A whole day instead.'),
  timeZone,
});

/** When an event begins or ends from now on. A time stays beside a day that is set, unless it is cleared. */
export const changedEventTime = z.strictObject({
  dateTime: z.iso
    .datetime({ offset: true })
    .nullable()
    .optional()
    .describe('A time; null clears it, when the event becomes one of whole days.'),
  date: z.iso
    .date()
    .nullable()
    .optional()
    .describe('A whole day instead; null clears it, when the event gets times.'),
  timeZone,
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
  recurrence: z
    .array(z.string())
    .optional()
    .describe('RRULE lines of iCalendar; start and end need their timeZone then.'),
};
