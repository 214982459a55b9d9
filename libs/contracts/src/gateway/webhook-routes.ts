import { readRoute as read, removeRoute as remove, writeRoute as write } from './route.js';

/** The routes of outgoing webhooks. */
export const webhookRoutes = {
  listWebhookEndpoints: read('/v1/webhook-endpoints', 'webhooks:admin', 'tenant', 'List webhook endpoints'),
  createWebhookEndpoint: write(
    'POST',
    '/v1/webhook-endpoints',
    'webhooks:admin',
    'tenant',
    'Create a webhook endpoint, and show its secret',
  ),
  findWebhookEndpoint: read(
    '/v1/webhook-endpoints/:id',
    'webhooks:admin',
    'tenant',
    'Show a webhook endpoint without its secret',
  ),
  putWebhookEndpoint: write(
    'PUT',
    '/v1/webhook-endpoints/:id',
    'webhooks:admin',
    'tenant',
    'Change a webhook endpoint',
  ),
  removeWebhookEndpoint: remove(
    '/v1/webhook-endpoints/:id',
    'webhooks:admin',
    'tenant',
    'Remove a webhook endpoint and its deliveries',
  ),
  testWebhookEndpoint: write(
    'POST',
    '/v1/webhook-endpoints/:id/test',
    'webhooks:admin',
    'tenant',
    'Send a test to a webhook endpoint',
  ),
  rotateWebhookSecret: write(
    'POST',
    '/v1/webhook-endpoints/:id/rotate-secret',
    'webhooks:admin',
    'tenant',
    'Replace the secret of a webhook endpoint, with an overlap',
  ),
  enableWebhookEndpoint: write(
    'POST',
    '/v1/webhook-endpoints/:id/enable',
    'webhooks:admin',
    'tenant',
    'Enable a disabled webhook endpoint',
  ),
  redeliverWebhooks: write(
    'POST',
    '/v1/webhook-endpoints/:id/redeliver',
    'webhooks:admin',
    'tenant',
    'Send the webhooks of a time again',
  ),
  listWebhookDeliveries: read(
    '/v1/webhook-endpoints/:id/deliveries',
    'webhooks:admin',
    'tenant',
    'List the deliveries of a webhook endpoint',
  ),
  redeliverWebhook: write(
    'POST',
    '/v1/webhook-deliveries/:id/redeliver',
    'webhooks:admin',
    'tenant',
    'Send one webhook again',
  ),
} as const;
