// The service
export { startWebhooks } from './webhooks.js';

// Configuration
export { webhooksConfig } from './config.js';
export type { WebhooksConfig } from './config.js';
