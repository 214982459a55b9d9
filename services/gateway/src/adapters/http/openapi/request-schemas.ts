import { flowAnswerSchema, flowStartSchema } from '@action-mesh/contracts/flows';
import {
  connectCompletionSchema,
  connectSessionRequestSchema,
  integrationRequestSchema,
  keyRequestSchema,
  keyRotationSchema,
  policyQuestionSchema,
  policyRequestSchema,
  switchRequestSchema,
  tenantRequestSchema,
} from '@action-mesh/contracts/auth-broker';
import {
  cancelRequestSchema,
  decideApprovalSchema,
  redriveOneSchema,
  redriveRequestSchema,
  rescheduleRequestSchema,
  verdictRequestSchema,
} from '@action-mesh/contracts/executor';
import { callRequestSchema, toolkitVersionSchema } from '@action-mesh/contracts/gateway';
import { limitPolicySchema } from '@action-mesh/contracts/rate-governor';
import {
  secretRotationSchema,
  triggerRequestSchema,
  webhookEndpointRequestSchema,
  webhookRedeliverySchema,
  webhookRotationSchema,
} from '@action-mesh/contracts/webhooks';
import { z } from 'zod';

import { toolCallSchema } from '../../../domain/call-request.js';
import { proxyCallSchema } from '../../../domain/proxy-call.js';
import { correctionSchema } from '../correction.controller.js';
import { rpcMessageSchema } from './mcp-schemas.js';

/** One call, or up to 500 of them. */
export const callsRequestSchema = z.union([callRequestSchema, z.array(callRequestSchema).min(1).max(500)]);

/** Any JSON: the event of a trigger. */
export const anyJsonSchema = z.unknown();

/** The date to which the channel `stable` moves. The catalog reads the body. */
export const stableMoveSchema = z.looseObject({ version: toolkitVersionSchema });

/** A proposed override of a tool. The catalog reads the body. */
export const overrideProposalSchema = z.looseObject({
  patch: z.record(z.string(), z.unknown()),
  note: z.string().max(2_000).optional(),
});

/** An imported toolkit, as `npm run import` makes it. The catalog reads the body. */
export const toolkitImportSchema = z.looseObject({
  source: z.looseObject({}),
  tools: z.array(z.looseObject({ slug: z.string() })).max(5_000),
});

/** An empty object. */
export const emptyBodySchema = z.strictObject({});

/** The bodies of requests, by their names in the document. */
export const requestSchemas = {
  ApprovalDecision: decideApprovalSchema,
  CallCancellation: cancelRequestSchema,
  CallCorrection: correctionSchema,
  CallRequest: callRequestSchema,
  CallsRequest: callsRequestSchema,
  CallVerdict: verdictRequestSchema,
  CallReschedule: rescheduleRequestSchema,
  ConnectCompletion: connectCompletionSchema,
  ConnectSessionRequest: connectSessionRequestSchema,
  EmptyBody: emptyBodySchema,
  IntegrationRequest: integrationRequestSchema,
  KeyRequest: keyRequestSchema,
  KeyRotation: keyRotationSchema,
  LimitRequest: limitPolicySchema,
  OverrideProposal: overrideProposalSchema,
  PolicyQuestion: policyQuestionSchema,
  PolicyRequest: policyRequestSchema,
  ProxyRequest: proxyCallSchema,
  RedriveOne: redriveOneSchema,
  RedriveRequest: redriveRequestSchema,
  RpcMessage: rpcMessageSchema,
  StableMove: stableMoveSchema,
  SwitchRequest: switchRequestSchema,
  TenantRequest: tenantRequestSchema,
  ToolCallRequest: toolCallSchema,
  ToolkitImport: toolkitImportSchema,
  TriggerRequest: triggerRequestSchema,
  FlowStart: flowStartSchema,
  FlowAnswer: flowAnswerSchema,
  TriggerSecretRotation: secretRotationSchema,
  TriggerPayload: anyJsonSchema,
  WebhookEndpointRequest: webhookEndpointRequestSchema,
  WebhookRedelivery: webhookRedeliverySchema,
  WebhookRotation: webhookRotationSchema,
} as const satisfies Record<string, z.ZodType>;
