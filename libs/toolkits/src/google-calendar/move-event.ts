import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { calendarId, events, provider, scopes, sendUpdates } from './provider.js';

export const moveEvent = defineTool({
  slug: 'google_calendar_move_event',
  version: '1.0.0',
  provider,
  description:
    'Hands an event over to another calendar, which organizes it from then on. Ordinary events only: not birthdays, focus time, absences, working locations, or what Gmail found in a message.',
  input: z.strictObject({
    calendarId,
    eventId: z.string().min(1).describe('ID of the event.'),
    destination: z.string().min(1).describe('ID of the other calendar.'),
    sendUpdates,
  }),
  tags: ['events'],
  security: scopes(events),
  examples: [
    {
      description: 'To the team',
      arguments: { calendarId: 'primary', eventId: 'abc123', destination: 'team@example.com' },
    },
  ],
  http: {
    method: 'POST',
    path: '/calendars/{calendarId}/events/{eventId}/move',
    parameters: { destination: { in: 'query' }, sendUpdates: { in: 'query' } },
    answers,
  },
  effect: { class: 'opaque' },
});
