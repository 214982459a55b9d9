import { z } from 'zod';

import { argumentsSchema } from './call.js';

/** One place of a result that an answer shows in part. */
export const cutPlaceSchema = z.object({
  /** JSON pointer (RFC 6901) into the `result` of the answer. */
  pointer: z.string(),
  unit: z.enum(['items', 'members', 'bytes']),
  /** The first items, the members that fit, or the first bytes of a text. */
  kept: z.int().min(0),
  of: z.int().min(1),
});

/** What an answer leaves out of a result, beside the part that it shows as `result`. */
export const resultCutSchema = z.object({
  /** The size of the part and of the whole result, as JSON in UTF-8. */
  bytes: z.int().min(0),
  of_bytes: z.int().min(1),
  /** The paths of `fields`. Absent: no fields were asked for. */
  fields: z.array(z.string()).exactOptional(),
  /** The paths of `fields` that lead to no value. */
  missing: z.array(z.string()).exactOptional(),
  /** The outermost places that `max_bytes` shortened. */
  places: z.array(cutPlaceSchema).exactOptional(),
  /** Where the whole result is, with its content type. */
  result_url: z.string(),
});

/** The call for the next page, beside the page that an answer shows. The caller sends the same call with these arguments. */
export const nextPageSchema = z.object({ arguments: argumentsSchema });

export type CutPlace = z.infer<typeof cutPlaceSchema>;
export type ResultCut = z.infer<typeof resultCutSchema>;
