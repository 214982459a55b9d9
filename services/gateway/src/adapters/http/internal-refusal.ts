import { z } from 'zod';

const refusalSchema = z.object({
  code: z.string().optional(),
  message: z.string(),
  problems: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
});

/** The words in which a service refuses a request; those given here where it finds none that can be read. */
export function readRefusal(body: unknown, otherwise: string): z.output<typeof refusalSchema> {
  return refusalSchema.safeParse(body).data ?? { message: otherwise };
}
