import { z } from 'zod';

/** Names that people and programs choose: short, printable, no control characters. */
export const nameSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]+$/u, 'must not contain control characters');

/**
 * The id of a call: a UUIDv7 in lower case, as everything in the mesh writes it. The ledger would take upper case and answer in
 * lower case, under an id that its caller does not know.
 */
export const callIdSchema = z
  .uuidv7({ error: ({ input }) => notUuidV7(input) })
  .refine((id) => id === id.toLowerCase(), 'must be in lower case');

/** The version of a UUID is all that a person needs to know of a wrong one. */
function notUuidV7(given: unknown): string {
  const version = typeof given === 'string' && given.length === 36 ? given[14] : undefined;
  return version !== undefined && /^[1-8]$/.test(version) && version !== '7'
    ? `must be a UUIDv7; this is a UUID of version ${version}`
    : 'must be a UUIDv7';
}

/** A tool's slug: lower-case words joined by underscores, at most 64 characters, as every model vendor accepts. */
export const toolSlugSchema = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must match ^[a-z][a-z0-9_]{0,63}$');

/** A semantic version without build metadata. */
export const semanticVersionSchema = z
  .string()
  .max(64)
  .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'must be a semantic version such as 1.4.0');

/** The day on which a toolkit was put together, and which of that day's it is: `2026-11-25`, `2026-11-25.2`. */
export const toolkitVersionSchema = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(\.([2-9]|[1-9]\d{1,3}))?$/,
    'must be a date such as 2026-11-25, or 2026-11-25.2 for the second of a day',
  );

/** Names that move from one version of a toolkit to the next. */
export const channelSchema = z.enum(['stable', 'latest']);

/** Which version of a tool is meant: one of its own, the one in a dated toolkit, or the one where a channel stands. */
export const toolSelectorSchema = z.union([semanticVersionSchema, toolkitVersionSchema, channelSchema], {
  error: 'must be a version such as 1.4.0, the date of a toolkit such as 2026-11-25, stable or latest',
});

/** SHA-256 in lower-case hex. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');

/** Who decided to make the call, and where in its run. */
export const agentSchema = z.strictObject({
  id: nameSchema,
  run_id: nameSchema.optional(),
  session_id: nameSchema.optional(),
  step: z.int().min(0).optional(),
  thought: z.string().max(4_000).optional(),
});

/** `live` reaches the provider; `dry_run` stops before it; `shadow` records what would have been sent. */
export const callModeSchema = z.enum(['live', 'dry_run', 'shadow']);

/**
 * What "the same call" means: within the agent's run, its session, for this user at all, or within one window of time
 * (`window:10m`; units ms, s, m, h, d).
 */
export const scopeSchema = z
  .string()
  .regex(
    /^(run|session|global|window:[1-9]\d{0,8}(ms|s|m|h|d))$/,
    'must be run, session, global or window:<duration>',
  );

/** JSON that a tool takes as its arguments; what is inside is the tool's own schema's affair. */
export const argumentsSchema = z.record(z.string(), z.unknown());
