import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { answers } from '../google-answers.js';
import { provider, readingBusyTimes } from './provider.js';

export const findFreeTime = defineTool({
  slug: 'google_calendar_find_free_time',
  version: '1.0.0',
  provider,
  description: 'Says when calendars are busy in a span of time; what lies between is free.',
  input: z.strictObject({
    timeMin: z.iso.datetime({ offset: true }).describe('Where the span begins.'),
    timeMax: z.iso.datetime({ offset: true }).describe('Where it ends.'),
    timeZone: z.string().optional().describe('Time zone of the answer. Default UTC.'),
    items: z
      .array(z.strictObject({ id: z.string().min(1) }))
      .min(1)
      .max(50)
      .describe('IDs of the calendars.'),
  }),
  tags: ['events', 'availability'],
  security: readingBusyTimes,
  examples: [
    {
      description: 'Two people on a day',
      arguments: {
        timeMin: '2026-12-01T08:00:00Z',
        timeMax: '2026-12-01T18:00:00Z',
        items: [{ id: 'ada@example.com' }, { id: 'grace@example.com' }],
      },
    },
  ],
  http: { method: 'POST', path: '/freeBusy', answers },
  effect: { class: 'read' },
});
