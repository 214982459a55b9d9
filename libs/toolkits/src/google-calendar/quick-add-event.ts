import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { events, provider, scopes } from './provider.js';

export const quickAddEvent = defineTool({
  slug: 'google_calendar_quick_add_event',
  version: '1.0.0',
  provider,
  description: 'Creates an event from a sentence, as people would say it.',
  input: z.strictObject({
    calendarId: z.string().min(1).describe('ID of the calendar; primary is that of the connected user.'),
    text: z.string().min(1).describe('Such as Lunch with Ada tomorrow at noon.'),
    sendUpdates: z
      .enum(['all', 'externalOnly', 'none'])
      .optional()
      .describe('Who gets an e-mail about it. Default none.'),
  }),
  tags: ['events'],
  security: scopes(events),
  examples: [
    {
      description: 'A lunch',
      arguments: { calendarId: 'primary', text: 'Lunch with Ada on December 1st at noon' },
    },
  ],
  http: {
    method: 'POST',
    path: '/calendars/{calendarId}/events/quickAdd',
    parameters: { text: { in: 'query' }, sendUpdates: { in: 'query' } },
  },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'google_calendar_delete_event',
    arguments: { calendarId: { from: '/arguments/calendarId' }, eventId: { from: '/result/id' } },
  },
});
