import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { gone } from '../gone.js';
import { answers } from '../google-answers.js';
import { calendarId, events, provider, scopes, sendUpdates } from './provider.js';

export const deleteEvent = defineTool({
  slug: 'google_calendar_delete_event',
  version: '1.0.0',
  provider,
  description: 'Deletes an event, with all of its occurrences when it recurs.',
  input: z.strictObject({
    calendarId,
    eventId: z.string().min(1).describe('ID of the event.'),
    sendUpdates,
  }),
  tags: ['events'],
  security: scopes(events),
  examples: [
    {
      description: 'A meeting that is off',
      arguments: { calendarId: 'primary', eventId: 'abc123', sendUpdates: 'all' },
    },
  ],
  http: {
    method: 'DELETE',
    path: '/calendars/{calendarId}/events/{eventId}',
    answers: [...answers, ...gone],
  },
  effect: { class: 'idempotent' },
});
