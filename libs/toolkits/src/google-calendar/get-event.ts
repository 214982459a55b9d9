import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { calendarId, provider, readingEvents } from './provider.js';

export const getEvent = defineTool({
  slug: 'google_calendar_get_event',
  version: '1.0.0',
  provider,
  description: 'Reads one event: times, place, attendees and their answers.',
  input: z.strictObject({
    calendarId,
    eventId: z.string().min(1).describe('ID of the event.'),
  }),
  tags: ['events'],
  security: readingEvents,
  examples: [{ description: 'An event', arguments: { calendarId: 'primary', eventId: 'abc123' } }],
  http: { method: 'GET', path: '/calendars/{calendarId}/events/{eventId}', answers },
  effect: { class: 'read' },
});
