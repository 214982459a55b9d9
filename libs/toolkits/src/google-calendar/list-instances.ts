import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { calendarId, provider, readingEvents } from './provider.js';

export const listInstances = defineTool({
  slug: 'google_calendar_list_instances',
  version: '1.0.0',
  provider,
  description: 'Lists the occurrences of a recurring event.',
  input: z.strictObject({
    calendarId,
    eventId: z.string().min(1).describe('ID of the event.'),
    timeMin: z.iso.datetime({ offset: true }).optional().describe('Only those that end after this.'),
    timeMax: z.iso.datetime({ offset: true }).optional().describe('Only those that begin before this.'),
    maxResults: z.int().min(1).max(2_500).optional().describe('How many at most.'),
    pageToken: z.string().optional().describe('nextPageToken of the page before.'),
  }),
  tags: ['events'],
  security: readingEvents,
  examples: [
    { description: 'The next ones', arguments: { calendarId: 'primary', eventId: 'abc123', maxResults: 5 } },
  ],
  http: { method: 'GET', path: '/calendars/{calendarId}/events/{eventId}/instances', answers },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'pageToken', at: '/nextPageToken' },
});
