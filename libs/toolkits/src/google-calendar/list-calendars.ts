import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { provider, readingCalendars } from './provider.js';

export const listCalendars = defineTool({
  slug: 'google_calendar_list_calendars',
  version: '1.0.0',
  provider,
  description: 'Lists the calendars of the connected user with their IDs and what the user may do in each.',
  input: z.strictObject({
    maxResults: z.int().min(1).max(250).optional().describe('How many at most.'),
    pageToken: z.string().optional().describe('nextPageToken of the page before.'),
    minAccessRole: z
      .enum(['freeBusyReader', 'reader', 'writer', 'owner'])
      .optional()
      .describe('Only those in which the user may do this much.'),
  }),
  tags: ['calendars'],
  security: readingCalendars,
  examples: [{ description: 'Those that can be written', arguments: { minAccessRole: 'writer' } }],
  http: { method: 'GET', path: '/users/me/calendarList', answers },
  effect: { class: 'read' },
  pagination: { by: 'token', argument: 'pageToken', at: '/nextPageToken' },
});
