import { z } from 'zod';

import { anyOf, oauthScopes } from '../oauth-scopes.js';

/** Google Calendar's API: https://developers.google.com/workspace/calendar/api/v3/reference. */
export const provider = {
  slug: 'google_calendar',
  baseUrl: 'https://www.googleapis.com/calendar/v3',
} as const;

/** Makes a tool's `security`: the user's connection with these scopes. */
export const scopes = oauthScopes('google_oauth');

export const events = 'https://www.googleapis.com/auth/calendar.events';

const readonly = 'https://www.googleapis.com/auth/calendar.readonly';

/** The scopes for reading events. One of them is enough. */
export const readingEvents = anyOf(
  scopes,
  'https://www.googleapis.com/auth/calendar.events.readonly',
  events,
  readonly,
);

/** The scopes for reading the list of calendars. One of them is enough. */
export const readingCalendars = anyOf(
  scopes,
  'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
  readonly,
);

/** The scopes for reading busy times. One of them is enough. */
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

/** The beginning or end of an event. */
export const eventTime = z.strictObject({
  dateTime: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('A time, such as 2026-12-01T10:00:00+01:00.'),
  date: z.iso.date().optional().describe('A whole day instead.'),
  timeZone,
});

/**
 * The changed beginning or end of an event. Google keeps an existing time beside a new date unless the change clears
 * it.
 */
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

/** The details of an event besides its title and its times. */
export const eventDetails = {
  description: z.string().max(8_192).optional().describe('More about it.'),
  location: z.string().optional().describe('Where.'),
};

/** The guests of an event, and its recurrence. */
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
