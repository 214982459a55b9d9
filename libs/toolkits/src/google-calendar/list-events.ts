import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { calendarId, provider, readingEvents } from './provider.js';

export const listEvents = defineTool({
  slug: 'google_calendar_list_events',
  version: '1.0.0',
  provider,
  description:
    'Lists events of a calendar. With singleEvents each occurrence of a recurring event is one of its own, which ordering by start needs.',
  input: z.strictObject({
    calendarId,
    timeMin: z.iso.datetime({ offset: true }).optional().describe('Only events that end after this.'),
    timeMax: z.iso.datetime({ offset: true }).optional().describe('Only events that begin before this.'),
    q: z.string().optional().describe('Words to look for.'),
    singleEvents: z.boolean().optional().describe('Recurring events as single ones.'),
    orderBy: z.enum(['startTime', 'updated']).optional().describe('startTime needs singleEvents.'),
    maxResults: z.int().min(1).max(2_500).optional().describe('How many at most.'),
    pageToken: z.string().optional().describe('From the page before.'),
  }),
  tags: ['events'],
  security: readingEvents,
  examples: [
    {
      description: 'A day',
      arguments: {
        calendarId: 'primary',
        timeMin: '2026-12-01T00:00:00Z',
        timeMax: '2026-12-02T00:00:00Z',
        singleEvents: true,
        orderBy: 'startTime',
      },
    },
  ],
  http: { method: 'GET', path: '/calendars/{calendarId}/events', answers },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'pageToken', at: '/nextPageToken' },
});
