import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import {
  calendarId,
  changedEventTime,
  eventDetails,
  eventGuests,
  events,
  provider,
  scopes,
  sendUpdates,
} from './provider.js';

export const updateEvent = defineTool({
  slug: 'google_calendar_update_event',
  version: '1.0.0',
  provider,
  description: 'Sets parts of an event; those that are not given stay. Attendees are set as a whole list.',
  input: z.strictObject({
    calendarId,
    eventId: z.string().min(1).describe('ID of the event.'),
    summary: z.string().max(1_024).optional().describe('The title.'),
    ...eventDetails,
    start: changedEventTime.optional().describe('When it begins.'),
    end: changedEventTime.optional().describe('When it ends.'),
    ...eventGuests,
    sendUpdates,
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
    {
      description: 'The whole day instead',
      arguments: {
        calendarId: 'primary',
        eventId: 'abc123',
        start: { date: '2026-12-01', dateTime: null },
        end: { date: '2026-12-02', dateTime: null },
      },
    },
  ],
  http: {
    method: 'PATCH',
    path: '/calendars/{calendarId}/events/{eventId}',
    parameters: { sendUpdates: { in: 'query' } },
    answers,
  },
  effect: { class: 'idempotent', because: 'it sets what is given, whatever was there' },
});
