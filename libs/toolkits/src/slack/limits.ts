import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * Limits of Slack (docs.slack.dev/apis/web-api/rate-limits).
 *
 * Slack allows one message a second for each channel, with short bursts. The governor has no limit by channel, so
 * that policy holds for a connection. Each method also has a tier: 20 calls a minute in tier 2, 50 in tier 3.
 *
 * An app that is sold outside the Marketplace may read channels and threads once a minute. For such an app, add
 * limits of 1 per minute for these two tools.
 */
export const limits: readonly LimitPolicy[] = [
  {
    id: 'slack-messages',
    match: { provider: 'slack', tool: 'slack_send_message' },
    per: 'credential',
    limit: 1,
    window: '1s',
    burst: 3,
  },
  {
    id: 'slack-topics',
    match: { provider: 'slack', tool: 'slack_set_channel_topic' },
    per: 'credential',
    limit: 20,
    window: '1m',
    burst: 5,
  },
  {
    id: 'slack-web-api',
    match: { provider: 'slack' },
    per: 'credential',
    limit: 50,
    window: '1m',
    burst: 20,
  },
];
