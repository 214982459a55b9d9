import type { AnswerDefinition } from '@action-mesh/tools';

import { oauthScopes } from '../oauth-scopes.js';

/**
 * Slack's Web API: https://docs.slack.dev/reference/methods. Most failures have status 200 too; `ok` is false for a
 * failure.
 */
export const provider = { slug: 'slack', baseUrl: 'https://slack.com/api' } as const;

/** Makes a tool's `security`: the user's connection with these scopes. */
export const scopes = oauthScopes('slack_oauth');

/** Slack answers a failed request with `ok: false`; `error` names the reason. */
export const failure = { at: '/ok', equals: false, reason: '/error' } as const;

/** After the first two errors, Slack may have done a part of the work. `ratelimited` means that a limit was exceeded. */
export const answers: readonly AnswerDefinition[] = [
  { at: '/error', words: ['internal_error', 'fatal_error'], means: 'unknown' },
  { at: '/error', words: ['ratelimited'], means: 'limited' },
];

/** The answers of every Slack tool, and the error that means that an earlier request had already succeeded. */
export function answersWith(done: string): readonly AnswerDefinition[] {
  return [...answers, { at: '/error', words: [done], means: 'done' }];
}
