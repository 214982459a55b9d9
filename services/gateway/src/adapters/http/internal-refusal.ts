import { z } from 'zod';

const refusalSchema = z.object({
  code: z.string().optional(),
  message: z.string(),
  problems: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
});

/** The message of a service's refusal. Returns `otherwise` when the body has no readable message. */
export function readRefusal(body: unknown, otherwise: string): z.output<typeof refusalSchema> {
  return refusalSchema.safeParse(body).data ?? { message: otherwise };
}
