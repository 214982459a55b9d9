import { CallOutcome, callViewSchema } from '@action-mesh/contracts/executor';
import { digestSchema, metaToolSlugs, nextPageSchema, resultCutSchema } from '@action-mesh/contracts/gateway';
import { z } from 'zod';

import { problemSchema } from './problem-schema.js';
import { toolAnswerSchema, toolPartSchema, toolSummarySchema } from './tool-answer-schemas.js';

/**
 * The outcome of a call. `cut` tells about a result that `fields` or `max_bytes` shortened, and `next` has the arguments
 * of the call for the next page.
 */
export const outcomeAnswerSchema = CallOutcome.schema.extend({
  cut: resultCutSchema.optional(),
  next: nextPageSchema.optional(),
});

/** An accepted call without a known outcome. */
export const acceptedCallSchema = z.object({
  call_id: z.uuid(),
  status: z.literal('accepted'),
  hash: digestSchema,
  trace_id: z.string(),
  links: z.object({ self: z.string() }),
});

/** A call in the ledger, with its newest outcome as JSON. */
export const callAnswerSchema = callViewSchema.extend({ outcome: outcomeAnswerSchema.optional() });

/** The answer for one call of several. */
export const submittedCallSchema = z.union([
  acceptedCallSchema,
  z.object({ status: z.literal('refused'), problem: problemSchema }),
]);

/** The answer for a submission: the call, its outcome, or one entry for each of several calls, in their order. */
export const submittedCallsSchema = z.union([
  acceptedCallSchema,
  outcomeAnswerSchema,
  z.array(submittedCallSchema),
]);

/** The answer of `search_tools` or `describe_tool`, which the gateway gives itself. */
export const metaToolAnswerSchema = z.object({
  status: z.literal('succeeded'),
  tool: z.object({ slug: z.enum(metaToolSlugs) }),
  result: z.union([
    z.object({ tools: z.array(toolSummarySchema), total: z.int().min(0) }),
    toolAnswerSchema,
    toolPartSchema,
  ]),
});

const anyJson = z.unknown();

/** An answer in the form of a vendor: the result of a tool call that a model reads. The parameter `form` selects it. */
export const modelAnswerSchema = z.union([
  z.object({ type: z.literal('function_call_output'), call_id: z.string().optional(), output: z.string() }),
  z.object({ role: z.literal('tool'), tool_call_id: z.string().optional(), content: z.string() }),
  z.object({
    type: z.literal('tool_result'),
    tool_use_id: z.string().optional(),
    content: z.string(),
    is_error: z.boolean(),
  }),
  z.object({
    functionResponse: z.object({
      id: z.string().optional(),
      name: z.string(),
      response: z.union([z.object({ output: anyJson }), z.object({ error: anyJson })]),
    }),
  }),
  z.object({
    content: z.array(z.object({ type: z.literal('text'), text: z.string() })),
    structuredContent: z.record(z.string(), z.unknown()).optional(),
    isError: z.boolean(),
  }),
  z.object({
    id: z.string().optional(),
    name: z.string(),
    is_error: z.boolean(),
    result: anyJson.optional(),
    error: anyJson.optional(),
  }),
]);

/** The answer for a tool that ran: the outcome of the call, or the answer of a meta-tool. */
export const calledToolSchema = z.union([outcomeAnswerSchema, metaToolAnswerSchema]);

/** A call that continues without its caller: no outcome yet, or one after which the call goes on by itself. */
export const continuedCallSchema = z.union([acceptedCallSchema, outcomeAnswerSchema]);

/** The call as the ledger has it, or as the gateway accepted it. */
export const knownCallSchema = z.union([callAnswerSchema, acceptedCallSchema]);

/** The calls of a saga that were undone, the last first. */
export const compensatedSagaSchema = z.object({
  saga_id: z.string(),
  calls: z.array(
    z.object({
      call_id: z.uuid(),
      tool: z.string(),
      status: z.enum(['undone', 'undone_before', 'not_compensable', 'stopped']),
      compensation: z.object({ call_id: z.uuid(), status: z.string() }).optional(),
      reason: z.string().optional(),
    }),
  ),
  done: z.boolean(),
});
