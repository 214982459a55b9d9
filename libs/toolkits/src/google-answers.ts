import type { AnswerDefinition } from '@action-mesh/tools';

/**
 * Google reports an exceeded limit as a 403 or a 429 (developers.google.com/workspace/calendar/api/guides/errors,
 * …/gmail/api/guides/handle-errors).
 */
export const answers: readonly AnswerDefinition[] = [
  {
    status: 403,
    at: '/error/errors/0/reason',
    words: ['rateLimitExceeded', 'userRateLimitExceeded'],
    means: 'limited',
  },
];
