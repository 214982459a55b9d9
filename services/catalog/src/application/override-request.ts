import { assertIJson, IJsonError, schemaProblems } from '@action-mesh/kernel';
import { z } from 'zod';

import { InvalidCatalogRequestError } from '../domain/catalog.errors.js';
import { overridePatchSchema } from '../domain/override-patch.js';

const proposalSchema = z.strictObject({
  patch: overridePatchSchema,
  note: z
    .string()
    .min(1)
    .max(2_000)
    .regex(/^[^\u0000]*$/, 'must not contain the character NUL')
    .optional(),
});

const verdictSchema = z.strictObject({});

/** Reads a proposed change of a tool. Errors: `CATALOG_INVALID`. */
export function readProposal(body: unknown): z.infer<typeof proposalSchema> {
  return read(proposalSchema, body, 'the body is not an override');
}

/** Refuses a verdict on a proposal with any member: its path says all. Errors: `CATALOG_INVALID`. */
export function checkVerdict(body: unknown): void {
  read(verdictSchema, body ?? {}, 'the body of a verdict must be empty');
}

/** Whether a value is I-JSON. Half of a surrogate pair, for example, is not, and no database stores it. */
function isIJson(value: unknown): boolean {
  try {
    assertIJson(value);
    return true;
  } catch (error) {
    if (error instanceof IJsonError) return false;
    throw error;
  }
}

function read<T>(schema: z.ZodType<T>, body: unknown, message: string): T {
  const result = schema.safeParse(body);
  if (result.success && isIJson(result.data)) return result.data;
  if (result.success)
    throw new InvalidCatalogRequestError(message, [{ pointer: '', message: 'must be I-JSON (RFC 7493)' }]);
  throw new InvalidCatalogRequestError(message, schemaProblems(result.error.issues));
}
