import { z } from 'zod';

import { callIdSchema } from '../gateway/index.js';

/** A place in which the requests of two calls differ. Credentials are masked. */
export const comparedPlaceSchema = z.object({
  part: z.enum(['method', 'url', 'header', 'body']),
  /** The name of the header, or the RFC 6901 pointer into a JSON body. */
  at: z.string().optional(),
  /** The text in the request of the first call. Absent: it has no such place. */
  first: z.string().optional(),
  second: z.string().optional(),
});
export type ComparedPlace = z.infer<typeof comparedPlaceSchema>;

/**
 * Two calls, compared by their requests. The key that the mesh gives to each call at its provider always differs, and does
 * not count.
 */
export const callComparisonSchema = z.object({
  call_id: z.uuidv7(),
  with: z.uuidv7(),
  /** Absent: the requests cannot be compared. */
  equal: z.boolean().optional(),
  /** The first 100 differing places. */
  differences: z.array(comparedPlaceSchema),
  /** True: more places differ. */
  more: z.literal(true).optional(),
  not_compared: z.string().optional(),
});
export type CallComparison = z.infer<typeof callComparisonSchema>;

/** The query of a comparison: the other call. */
export const comparisonQuerySchema = z.strictObject({ with: callIdSchema });
