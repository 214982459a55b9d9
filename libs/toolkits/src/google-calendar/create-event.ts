import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import {
  calendarId,
  eventDetails,
  eventGuests,
  eventTime,
  events,
  provider,
  scopes,
  sendUpdates,
} from './provider.js';

export const createEvent = defineTool({
  slug: 'google_calendar_create_event',
  version: '1.0.0',
  provider,
  description:
    'Creates an event and invites people. Returns its ID. Undoing deletes it without asking for e-mails.',
  input: z.strictObject({
    calendarId,
    summary: z.string().max(1_024).describe('The title.'),
    ...eventDetails,
    start: eventTime.describe('When it begins.'),
    end: eventTime.describe('When it ends.'),
    ...eventGuests,
    sendUpdates,
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
    {
      description: 'Every Monday',
      arguments: {
        calendarId: 'primary',
        summary: 'Planning',
        start: { dateTime: '2026-12-07T09:00:00+01:00', timeZone: 'Europe/Berlin' },
        end: { dateTime: '2026-12-07T09:30:00+01:00', timeZone: 'Europe/Berlin' },
        recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'],
      },
    },
  ],
  http: {
    method: 'POST',
    path: '/calendars/{calendarId}/events',
    parameters: { sendUpdates: { in: 'query' } },
    answers,
  },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'google_calendar_delete_event',
    arguments: { calendarId: { from: '/arguments/calendarId' }, eventId: { from: '/result/id' } },
  },
});
