import { oauthScopes } from '../oauth-scopes.js';

/** Slack's Web API: https://docs.slack.dev/reference/methods. Every answer is a 200; `ok` says whether it was one. */
export const provider = { slug: 'slack', baseUrl: 'https://slack.com/api' } as const;

/** The connection of the user, with these scopes. */
export const scopes = oauthScopes('slack_oauth');

/** `ok: false` is how Slack says that it did not do what was asked; `error` names the reason. */
export const failure = { at: '/ok', equals: false, reason: '/error' } as const;
