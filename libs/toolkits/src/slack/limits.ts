import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';

/**
 * One message a second and channel, with short bursts, and for each method by its tier: 20 calls a minute in tier 2, 50 in tier 3
 * (docs.slack.dev/apis/web-api/rate-limits). A channel is no unit of the governor, so the first holds for a connection. An app that is sold
 * outside the Marketplace reads channels and threads once a minute: limits of 1 per minute for these two tools are yours to add.
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
