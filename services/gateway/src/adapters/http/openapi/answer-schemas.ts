import {
  auditCheckpointSchema,
  auditPageSchema,
  callStorySchema,
  erasureViewSchema,
  runStorySchema,
  verificationViewSchema,
} from '@action-mesh/contracts/audit';
import {
  flowListSchema,
  flowRunListSchema,
  flowRunSchema,
  startedFlowRunSchema,
} from '@action-mesh/contracts/flows';
import {
  connectionPageSchema,
  connectionViewSchema,
  connectSessionViewSchema,
  createdKeySchema,
  environmentSchema,
  integrationViewSchema,
  keyScopeSchema,
  keyViewSchema,
  policyExplanationSchema,
  policyListSchema,
  policyViewSchema,
  providerViewSchema,
  quotaSchema,
  switchViewSchema,
  tenantViewSchema,
} from '@action-mesh/contracts/auth-broker';
import {
  approvalPageSchema,
  approvalViewSchema,
  callAttemptsSchema,
  callComparisonSchema,
  callPageSchema,
  circuitStatusSchema,
  deadCallSchema,
  deadPageSchema,
  redriveReportSchema,
  refusedRecordPageSchema,
  waitingPageSchema,
} from '@action-mesh/contracts/executor';
import { limitViewSchema } from '@action-mesh/contracts/rate-governor';
import {
  deliveryViewSchema,
  redeliveredWebhooksSchema,
  triggerViewSchema,
  webhookDeliveryPageSchema,
  webhookDeliveryViewSchema,
  webhookEndpointViewSchema,
  webhookSecretViewSchema,
} from '@action-mesh/contracts/webhooks';
import { z } from 'zod';

import { switchListSchema } from '../switches.controller.js';
import {
  acceptedCallSchema,
  callAnswerSchema,
  calledToolSchema,
  compensatedSagaSchema,
  continuedCallSchema,
  knownCallSchema,
  metaToolAnswerSchema,
  modelAnswerSchema,
  outcomeAnswerSchema,
  submittedCallsSchema,
} from './call-answer-schemas.js';
import { resourceMetadataSchema, rpcAnswerSchema } from './mcp-schemas.js';
import { problemSchema } from './problem-schema.js';
import {
  deletedToolkitSchema,
  importedToolkitSchema,
  overrideListSchema,
  reviewedOverrideSchema,
  toolkitChangesSchema,
  toolkitListSchema,
  toolkitViewSchema,
  toolListSchema,
  toolVersionsSchema,
} from './tool-answer-schemas.js';

/** A page of outcomes. `cursor` continues behind them. */
export const outcomePageSchema = z.object({ outcomes: z.array(outcomeAnswerSchema), cursor: z.string() });

const listOf = <Name extends string, Schema extends z.ZodType>(name: Name, schema: Schema) =>
  z.object({ [name]: z.array(schema) } as Record<Name, z.ZodArray<Schema>>);

/** The keys and publisher tokens of a tenant. */
export const keyListSchema = listOf('keys', keyViewSchema);
/** The tenants of the mesh. */
export const tenantListSchema = listOf('tenants', tenantViewSchema);
/** The integrations of a tenant. */
export const integrationListSchema = listOf('integrations', integrationViewSchema);
/** The providers of accounts. */
export const providerListSchema = listOf('providers', providerViewSchema);
/** The webhook endpoints of a tenant. */
export const webhookEndpointListSchema = listOf('endpoints', webhookEndpointViewSchema);
/** The limits that apply to a tenant. */
export const limitListSchema = listOf('limits', limitViewSchema);

/** The breakers and blocks of a tenant, as one executor sees them. */
export const breakerListSchema = z.object({
  mode: z.enum(['shared', 'local']),
  blocked: z.array(z.object({ provider: z.string(), credential: z.string(), until: z.string() })),
  breakers: z.array(
    z.object({
      provider: z.string(),
      credential: z.string(),
      endpoint: z.string(),
      state: circuitStatusSchema,
      failures: z.int().min(0),
      until: z.string().optional(),
    }),
  ),
});

/** The caller as the gateway knows it. */
export const callerAnswerSchema = z.object({
  tenant: z.string(),
  holder: z.string(),
  environment: environmentSchema,
  key_id: z.string().optional(),
  scopes: z.array(keyScopeSchema),
  tools: z.array(z.string()).optional(),
  users: z.array(z.string()).optional(),
  quota: quotaSchema.optional(),
  tenant_quota: quotaSchema.optional(),
});

/** The published event of a trigger. */
export const firedTriggerSchema = z.object({
  trigger_id: z.uuid(),
  delivery_id: z.string().optional(),
  trace_id: z.string(),
});

/** A request of another system that the mesh has taken. */
export const takenDeliverySchema = z.object({
  delivery_id: z.string(),
  /** The mesh had it before. */
  repeated: z.boolean(),
  trace_id: z.string(),
});

/** The triggers of a tenant. */
export const triggerListSchema = listOf('triggers', triggerViewSchema);

/** A page of deliveries of a trigger. */
export const deliveryPageSchema = listOf('deliveries', deliveryViewSchema).extend({
  cursor: z.string().optional(),
});

/** The health of the gateway. `problems` has one text for each part that is not well. */
export const healthAnswerSchema = z.object({
  status: z.enum(['ok', 'unavailable']),
  problems: z.record(z.string(), z.string()).optional(),
});

/** The document itself. */
export const anyDocumentSchema = z.looseObject({ openapi: z.string() });

/** The JSON answers, by their names in the document. */
export const answerSchemas = {
  AcceptedCall: acceptedCallSchema,
  Approval: approvalViewSchema,
  ApprovalPage: approvalPageSchema,
  AuditCheckpoint: auditCheckpointSchema,
  AuditPage: auditPageSchema,
  FlowList: flowListSchema,
  FlowRun: flowRunSchema,
  FlowRunList: flowRunListSchema,
  StartedFlowRun: startedFlowRunSchema,
  Breakers: breakerListSchema,
  CalledTool: calledToolSchema,
  Call: callAnswerSchema,
  CallAttempts: callAttemptsSchema,
  CallComparison: callComparisonSchema,
  CallPage: callPageSchema,
  CallStory: callStorySchema,
  Caller: callerAnswerSchema,
  CompensatedSaga: compensatedSagaSchema,
  Connection: connectionViewSchema,
  ConnectionPage: connectionPageSchema,
  ConnectSession: connectSessionViewSchema,
  ContinuedCall: continuedCallSchema,
  CreatedKey: createdKeySchema,
  DeadCall: deadCallSchema,
  DeadCallPage: deadPageSchema,
  Delivery: deliveryViewSchema,
  DeliveryPage: deliveryPageSchema,
  DeletedToolkit: deletedToolkitSchema,
  Erasure: erasureViewSchema,
  FiredTrigger: firedTriggerSchema,
  Health: healthAnswerSchema,
  ImportedToolkit: importedToolkitSchema,
  Integration: integrationViewSchema,
  IntegrationList: integrationListSchema,
  Key: keyViewSchema,
  KeyList: keyListSchema,
  KillSwitch: switchViewSchema,
  KillSwitchList: switchListSchema,
  KnownCall: knownCallSchema,
  Limit: limitViewSchema,
  LimitList: limitListSchema,
  MetaToolAnswer: metaToolAnswerSchema,
  ModelAnswer: modelAnswerSchema,
  OpenApiDocument: anyDocumentSchema,
  Outcome: outcomeAnswerSchema,
  OutcomePage: outcomePageSchema,
  OverrideList: overrideListSchema,
  Policy: policyViewSchema,
  PolicyExplanation: policyExplanationSchema,
  PolicyList: policyListSchema,
  Problem: problemSchema,
  Provider: providerViewSchema,
  ProviderList: providerListSchema,
  RedriveReport: redriveReportSchema,
  RefusedRecordPage: refusedRecordPageSchema,
  ResourceMetadata: resourceMetadataSchema,
  ReviewedOverride: reviewedOverrideSchema,
  RpcAnswer: rpcAnswerSchema,
  RunStory: runStorySchema,
  SubmittedCalls: submittedCallsSchema,
  TakenDelivery: takenDeliverySchema,
  Trigger: triggerViewSchema,
  TriggerList: triggerListSchema,
  Tenant: tenantViewSchema,
  TenantList: tenantListSchema,
  ToolChanges: toolkitChangesSchema,
  Toolkit: toolkitViewSchema,
  ToolkitList: toolkitListSchema,
  ToolList: toolListSchema,
  ToolVersions: toolVersionsSchema,
  Verification: verificationViewSchema,
  WaitingPage: waitingPageSchema,
  RedeliveredWebhooks: redeliveredWebhooksSchema,
  WebhookDelivery: webhookDeliveryViewSchema,
  WebhookDeliveryPage: webhookDeliveryPageSchema,
  WebhookEndpoint: webhookEndpointViewSchema,
  WebhookEndpointList: webhookEndpointListSchema,
  WebhookSecret: webhookSecretViewSchema,
} as const satisfies Record<string, z.ZodType>;
