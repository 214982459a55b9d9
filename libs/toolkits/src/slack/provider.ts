import type { AnswerDefinition } from '@action-mesh/tools';

import { oauthScopes } from '../oauth-scopes.js';

/** Slack's Web API: https://docs.slack.dev/reference/methods. Most failures are a 200 as well; `ok` says whether it was one. */
export const provider = { slug: 'slack', baseUrl: 'https://slack.com/api' } as const;

/** The connection of the user, with these scopes. */
export const scopes = oauthScopes('slack_oauth');

/** `ok: false` is how Slack says that it did not do what was asked; `error` names the reason. */
export const failure = { at: '/ok', equals: false, reason: '/error' } as const;

/** Of these errors Slack says that a part may have been done before, and that it was not its turn. */
export const answers: readonly AnswerDefinition[] = [
  { at: '/error', words: ['internal_error', 'fatal_error'], means: 'unknown' },
  { at: '/error', words: ['ratelimited'], means: 'limited' },
];

/** The same, and the error that says to a repetition that the first request had worked. */
export function answersWith(done: string): readonly AnswerDefinition[] {
  return [...answers, { at: '/error', words: [done], means: 'done' }];
}
