import type { AnswerDefinition } from '@action-mesh/tools';

/** Google's limits come as a 403 as well as a 429 (developers.google.com/workspace/calendar/api/guides/errors, …/gmail/api/guides/handle-errors). */
export const answers: readonly AnswerDefinition[] = [
  {
    status: 403,
    at: '/error/errors/0/reason',
    words: ['rateLimitExceeded', 'userRateLimitExceeded'],
    means: 'limited',
  },
];
