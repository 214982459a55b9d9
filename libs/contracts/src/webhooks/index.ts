// Events
export { WebhookEndpointDisabled } from './webhook-endpoint-disabled.v1.js';
export type { DisabledWebhookEndpoint } from './webhook-endpoint-disabled.v1.js';

// Outgoing webhooks
export {
  redeliveredWebhooksSchema,
  webhookDeliveryPageSchema,
  webhookDeliveryQuerySchema,
  webhookDeliveryStatusSchema,
  webhookDeliveryViewSchema,
  webhookEndpointRequestSchema,
  webhookEndpointViewSchema,
  webhookFilterSchema,
  webhookLimits,
  webhookRedeliverySchema,
  webhookRotationSchema,
  webhookSecretViewSchema,
} from './webhook-endpoint.js';
export type {
  RedeliveredWebhooks,
  WebhookDeliveryPage,
  WebhookDeliveryQuery,
  WebhookDeliveryStatus,
  WebhookDeliveryView,
  WebhookEndpointRequest,
  WebhookEndpointView,
  WebhookFilter,
  WebhookRedelivery,
  WebhookSecretView,
} from './webhook-endpoint.js';

// Triggers
export {
  deliveryStateSchema,
  deliveryViewSchema,
  hmacFormSchema,
  mappedCallSchema,
  mostCallsOfDelivery,
  scheduleSchema,
  secretRotationSchema,
  triggerRequestSchema,
  triggerSecretSchema,
  triggerSettingsSchema,
  triggerViewSchema,
} from './trigger.js';
export type {
  DeliveryState,
  DeliveryView,
  HmacForm,
  MappedCall,
  Schedule,
  SecretRotation,
  TriggerRequest,
  TriggerSettings,
  TriggerView,
} from './trigger.js';

// Declared triggers
export { TriggerDeclared, triggerKey } from './trigger-declared.v1.js';
export type { DeclaredTrigger } from './trigger-declared.v1.js';
