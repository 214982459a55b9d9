import {
  approvalPageSchema,
  approvalQuerySchema,
  approvalViewSchema,
  decideApprovalSchema,
} from '@action-mesh/contracts/executor';
import type { RouteName } from '@action-mesh/contracts/gateway';
import {
  redeliveredWebhooksSchema,
  webhookDeliveryPageSchema,
  webhookDeliveryQuerySchema,
  webhookDeliveryViewSchema,
  webhookEndpointRequestSchema,
  webhookEndpointViewSchema,
  webhookRedeliverySchema,
  webhookRotationSchema,
  webhookSecretViewSchema,
} from '@action-mesh/contracts/webhooks';

import { webhookEndpointListSchema } from './answer-schemas.js';
import { answers200, removed } from './answers.js';
import type { RouteDocument } from './route-document.js';

const decisions = {
  area: 'approvals',
  body: decideApprovalSchema,
  answers: answers200('The decided approval.', approvalViewSchema),
  problems: ['approval_decided', 'approval_digest_mismatch', 'approval_not_found', 'approval_own_request'],
} as const satisfies RouteDocument;

const changes = [
  'identity_conflict',
  'invalid_request',
  'right_missing',
  'webhook_endpoint_not_found',
] as const;

/** The routes for people who approve calls, and for outgoing webhooks. */
export const approvalAndWebhookRoutes = {
  listApprovals: {
    area: 'approvals',
    query: approvalQuerySchema,
    answers: answers200('Approvals, pending ones with the oldest first.', approvalPageSchema),
  },
  findApproval: {
    area: 'approvals',
    answers: answers200('The approval, with the arguments that a decision covers.', approvalViewSchema),
    problems: ['approval_not_found'],
  },
  approveCall: decisions,
  rejectCall: decisions,
  listWebhookEndpoints: {
    area: 'webhooks',
    answers: answers200('The endpoints, without their secrets.', webhookEndpointListSchema),
    problems: ['right_missing'],
  },
  createWebhookEndpoint: {
    area: 'webhooks',
    body: webhookEndpointRequestSchema,
    answers: {
      201: {
        description: 'The endpoint with its secret, which no later answer shows.',
        schema: webhookSecretViewSchema,
      },
    },
    problems: changes,
  },
  findWebhookEndpoint: {
    area: 'webhooks',
    answers: answers200('The endpoint, without its secret.', webhookEndpointViewSchema),
    problems: ['right_missing', 'webhook_endpoint_not_found'],
  },
  putWebhookEndpoint: {
    area: 'webhooks',
    body: webhookEndpointRequestSchema,
    answers: answers200('The endpoint.', webhookEndpointViewSchema),
    problems: changes,
  },
  removeWebhookEndpoint: { area: 'webhooks', answers: removed, problems: changes },
  testWebhookEndpoint: {
    area: 'webhooks',
    answers: answers200('The delivery of the test.', webhookDeliveryViewSchema),
    problems: changes,
  },
  rotateWebhookSecret: {
    area: 'webhooks',
    body: webhookRotationSchema,
    isBodyOptional: true,
    answers: answers200('The endpoint with its new secret.', webhookSecretViewSchema),
    problems: changes,
  },
  enableWebhookEndpoint: {
    area: 'webhooks',
    answers: answers200('The endpoint.', webhookEndpointViewSchema),
    problems: changes,
  },
  redeliverWebhooks: {
    area: 'webhooks',
    body: webhookRedeliverySchema,
    answers: answers200('The number of deliveries that start again.', redeliveredWebhooksSchema),
    problems: changes,
  },
  listWebhookDeliveries: {
    area: 'webhooks',
    query: webhookDeliveryQuerySchema,
    answers: answers200('Deliveries, the newest first.', webhookDeliveryPageSchema),
    problems: ['right_missing', 'webhook_endpoint_not_found'],
  },
  redeliverWebhook: {
    area: 'webhooks',
    answers: answers200('The delivery.', webhookDeliveryViewSchema),
    problems: [...changes, 'webhook_delivery_not_found'],
  },
} as const satisfies Partial<Record<RouteName, RouteDocument>>;
