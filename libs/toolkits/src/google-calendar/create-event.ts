import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { events, provider, scopes } from './provider.js';

export const createEvent = defineTool({
  slug: 'google_calendar_create_event',
  version: '1.0.0',
  provider,
  description: 'Creates an event and invites people. Returns its ID.',
  input: z.strictObject({
    calendarId: z.string().min(1).describe('ID of the calendar; primary is that of the connected user.'),
    summary: z.string().max(1_024).describe('The title.'),
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
      description: 'A meeting',
      arguments: {
        calendarId: 'primary',
        summary: 'Review',
        start: { dateTime: '2026-12-01T10:00:00Z' },
        end: { dateTime: '2026-12-01T10:30:00Z' },
        attendees: [{ email: 'ada@example.com' }],
        sendUpdates: 'all',
      },
    },
  ],
  http: {
    method: 'POST',
    path: '/calendars/{calendarId}/events',
    parameters: { sendUpdates: { in: 'query' } },
  },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'google_calendar_delete_event',
    arguments: { calendarId: { from: '/arguments/calendarId' }, eventId: { from: '/result/id' } },
  },
});
