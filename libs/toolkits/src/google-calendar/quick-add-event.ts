import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { calendarId, events, provider, scopes, sendUpdates } from './provider.js';

export const quickAddEvent = defineTool({
  slug: 'google_calendar_quick_add_event',
  version: '1.0.0',
  provider,
  description:
    'Creates an event from a sentence, as people would say it. Undoing deletes it without asking for e-mails.',
  input: z.strictObject({
    calendarId,
    text: z.string().min(1).describe('Such as Lunch with Ada tomorrow at noon.'),
    sendUpdates,
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
    answers,
  },
  effect: { class: 'opaque' },
  compensation: {
    tool: 'google_calendar_delete_event',
    arguments: { calendarId: { from: '/arguments/calendarId' }, eventId: { from: '/result/id' } },
  },
});
