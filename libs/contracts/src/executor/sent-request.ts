import { z } from 'zod';

import { digestSchema } from '../gateway/index.js';

/** The request of a call in the form that the provider gets. Every credential is masked. */
export const sentRequestSchema = z.object({
  /** SHA-256 of the exact request. It is written before the first byte leaves. */
  digest: digestSchema.optional(),
  method: z.string().optional(),
  url: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** The first 16,384 characters. */
  body: z.string().optional(),
  /** Absent: the body is shown whole. */
  body_cut: z.literal(true).optional(),
  /** The reason why the request cannot be shown. */
  not_shown: z.string().optional(),
});
export type SentRequest = z.infer<typeof sentRequestSchema>;
