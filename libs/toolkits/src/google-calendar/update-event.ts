import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { events, provider, scopes } from './provider.js';

export const updateEvent = defineTool({
  slug: 'google_calendar_update_event',
  version: '1.0.0',
  provider,
  description: 'Sets parts of an event; those that are not given stay. Attendees are set as a whole list.',
  input: z.strictObject({
    calendarId: z.string().min(1).describe('ID of the calendar; primary is that of the connected user.'),
    eventId: z.string().min(1).describe('ID of the event.'),
    summary: z.string().max(1_024).optional().describe('The title.'),
    description: z.string().max(8_192).optional().describe('More about it.'),
    location: z.string().optional().describe('Where.'),
    start: z
      .strictObject({
        dateTime: z.iso
          .datetime({ offset: true })
          .optional()
          .describe('A time, such as 2026-12-01T10:00:00+01:00.'),
        date: z.iso.date().optional().describe('A whole day instead.'),
        timeZone: z.string().optional().describe('IANA name of the time zone.'),
      })
      .optional()
      .describe('When it begins.'),
    end: z
      .strictObject({
        dateTime: z.iso
          .datetime({ offset: true })
          .optional()
          .describe('A time, such as 2026-12-01T10:00:00+01:00.'),
        date: z.iso.date().optional().describe('A whole day instead.'),
        timeZone: z.string().optional().describe('IANA name of the time zone.'),
      })
      .optional()
      .describe('When it ends.'),
    attendees: z
      .array(z.strictObject({ email: z.email(), optional: z.boolean().optional() }))
      .max(200)
      .optional()
      .describe('Who is invited.'),
    recurrence: z.array(z.string()).optional().describe('RRULE lines of iCalendar.'),
    sendUpdates: z
      .enum(['all', 'externalOnly', 'none'])
      .optional()
      .describe('Who gets an e-mail about it. Default none.'),
  }),
  tags: ['events'],
  security: scopes(events),
  examples: [
    {
      description: 'Half an hour later',
      arguments: {
        calendarId: 'primary',
        eventId: 'abc123',
        start: { dateTime: '2026-12-01T10:30:00Z' },
        end: { dateTime: '2026-12-01T11:00:00Z' },
      },
    },
  ],
  http: {
    method: 'PATCH',
    path: '/calendars/{calendarId}/events/{eventId}',
    parameters: { sendUpdates: { in: 'query' } },
  },
  effect: { class: 'idempotent', because: 'it sets what is given, whatever was there' },
});
