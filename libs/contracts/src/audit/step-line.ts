import { z } from 'zod';

import { circuitStatusSchema, compensatingActionSchema } from '../executor/call-outcome.v1.js';
import { jsonTextSchema } from '../executor/json-text.js';
import { entryKindSchema } from './audit-entry.js';

/** A value without secrets, or its size and digest where it is long or not kept. */
const shownValueSchema = z.union([
  jsonTextSchema,
  z.object({ characters: z.int().optional(), digest: z.string() }),
]);

/**
 * One line of the step log: one step of a call, or another transition. `docs/step-log.md` describes the fields. A field
 * without a value is absent. New fields do not raise `step_log`; a changed or removed one does.
 */
export const stepLineSchema = z.strictObject({
  step_log: z.literal(1),
  timestamp: z.string(),
  kind: entryKindSchema,
  trace_id: z.string().optional(),
  span_id: z.string().optional(),
  tenant_id: z.string(),
  agent_id: z.string().optional(),
  run_id: z.string().optional(),
  step: z.int().optional(),
  user_id: z.string().optional(),
  tool_name: z.string().optional(),
  tool_version: z.string().optional(),
  tool_call_id: z.string().optional(),
  status: z.string().optional(),
  status_code: z.int().optional(),
  duration_ms: z.int().optional(),
  retry_attempts: z.int().optional(),
  circuit_breaker_status: circuitStatusSchema.optional(),
  original_request: shownValueSchema.optional(),
  upstream_response: z
    .object({ status_code: z.int().optional(), body: shownValueSchema.optional() })
    .optional(),
  error_category: z.string().optional(),
  error_code: z.string().optional(),
  waiting: z.record(z.string(), z.unknown()).optional(),
  compensating_actions: z.array(compensatingActionSchema).optional(),
});
export type StepLine = z.infer<typeof stepLineSchema>;
