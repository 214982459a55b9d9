import { z } from 'zod';

import { listLimitSchema } from '../gateway/list-limit.js';

/** The id of a flow: lower-case words joined by hyphens. */
const flowIdSchema = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens');
const runIdSchema = z.string().regex(/^run_[0-9a-f]{32}$/, 'must be the id of a run');

/**
 * - `open`: the run works, or waits for an answer, a time or a person.
 * - `succeeded`, `failed`, `cancelled`: final.
 * - `diverged`: the code asked for another step than before. Nothing was sent.
 * - `blocked`: the code or its deployment has a fault. Mend it and resume the run.
 * - `needs_review`: an undo failed. `problem.stands` names the steps whose effect stands.
 */
export const flowRunStateSchema = z.enum([
  'open',
  'succeeded',
  'failed',
  'cancelled',
  'diverged',
  'blocked',
  'needs_review',
]);

const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  step: z.string().exactOptional(),
  /** Steps whose effect stands although the run failed. */
  stands: z.array(z.string()).exactOptional(),
  /** What was recorded, and what the code asks for now. */
  difference: z.object({ step: z.string(), recorded: z.string(), now: z.string() }).exactOptional(),
});

const stepSchema = z.object({
  path: z.string(),
  kind: z.enum(['call', 'value', 'sleep', 'flow', 'ask']),
  state: z.enum(['waiting', 'answered', 'failed']),
  /** What the step asked for, as JSON text. */
  about: z.string(),
  call_id: z.uuid().exactOptional(),
  due_at: z.iso.datetime().exactOptional(),
  error: z.object({ code: z.string(), message: z.string() }).exactOptional(),
});

/** A run of a flow. */
export const flowRunSchema = z.object({
  id: runIdSchema,
  flow: flowIdSchema,
  version: z.int(),
  /** The digest of the code. The run stays on it. */
  digest: z.string(),
  user_id: z.string(),
  /** The kind and the name of what started the run. */
  source: z.string(),
  key: z.string(),
  state: flowRunStateSchema,
  problem: problemSchema.exactOptional(),
  result: z.json().exactOptional(),
  /** The next moment at which the run goes on by itself. */
  wakes_at: z.iso.datetime().exactOptional(),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().exactOptional(),
  /** Absent in lists. */
  steps: z.array(stepSchema).exactOptional(),
});

export const flowRunListSchema = z.object({
  runs: z.array(flowRunSchema),
  /** Absent: there are no more. */
  cursor: z.string().exactOptional(),
});

export const flowListSchema = z.object({
  flows: z.array(z.object({ id: flowIdSchema, version: z.int(), digest: z.string(), trigger: z.string() })),
});

/** The body that starts a run. Equal keys of one flow are the same run. */
export const flowStartSchema = z.strictObject({
  key: z.string().min(1).max(300),
  input: z.json().default({}),
});

export const startedFlowRunSchema = z.object({
  id: runIdSchema,
  flow: flowIdSchema,
  version: z.int(),
  /** False: the run was known. */
  is_new: z.boolean(),
});

/** The answer of a person to a question of a run. */
export const flowAnswerSchema = z.strictObject({
  step: z.string().min(1).max(200),
  choice: z.string().min(1).max(1_000),
});

export const flowRunQuerySchema = z.strictObject({
  flow: flowIdSchema.optional(),
  state: flowRunStateSchema.optional(),
  limit: listLimitSchema(200).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,16}$/, 'must be the cursor of a page')
    .optional(),
});

export type FlowRunStateName = z.infer<typeof flowRunStateSchema>;
export type FlowRunDetails = z.infer<typeof flowRunSchema>;
export type FlowRunList = z.infer<typeof flowRunListSchema>;
export type FlowList = z.infer<typeof flowListSchema>;
export type FlowStart = z.infer<typeof flowStartSchema>;
export type StartedFlowRun = z.infer<typeof startedFlowRunSchema>;
export type FlowAnswer = z.infer<typeof flowAnswerSchema>;
export type FlowRunQuery = z.infer<typeof flowRunQuerySchema>;
