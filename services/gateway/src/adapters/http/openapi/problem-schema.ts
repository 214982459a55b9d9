import { keyScopeSchema } from '@action-mesh/contracts/auth-broker';
import { z } from 'zod';

import type { ProblemDetails } from '../problem.js';

/** A problem document (RFC 9457) with the members of this API. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** A stable code for programs. */
  code: z.string(),
  /** The next step for the caller. */
  fix: z.string().exactOptional(),
  errors: z
    .array(
      z.object({
        /** RFC 6901 pointer into the request. */
        pointer: z.string(),
        message: z.string(),
        code: z.string().exactOptional(),
        expected: z.string().exactOptional(),
        given: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
  retry_after: z.number().exactOptional(),
  call_id: z.string().exactOptional(),
  trace_id: z.string().exactOptional(),
  conflicts_with: z.string().exactOptional(),
  scope: keyScopeSchema.exactOptional(),
  /** The decision that came first. */
  decision: z.object({ by: z.string(), at: z.string(), note: z.string().exactOptional() }).exactOptional(),
  switch_id: z.string().exactOptional(),
});

// Fails to compile when a problem has a member that the schema lacks.
((problem: Required<ProblemDetails>): Required<Record<keyof z.infer<typeof problemSchema>, unknown>> =>
  problem) satisfies unknown;
