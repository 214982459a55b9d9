import { parseUrl } from '@action-mesh/kernel';
import { z } from 'zod';

/** A name that a person or a program chooses: short, without control characters. */
export const nameSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]+$/u, 'must not contain control characters');

/**
 * The id of a call: a UUIDv7 in lower case, the form everywhere in the mesh. The ledger would accept upper case but
 * answer in lower case. The caller would not recognize that id.
 */
export const callIdSchema = z
  .uuidv7({ error: ({ input }) => notUuidV7(input) })
  .refine((id) => id === id.toLowerCase(), 'must be in lower case');

/** Names the version of a wrong UUID, the one detail that its sender needs. */
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

/** The date of a toolkit, with a number from the second one of a day on: `2026-11-25`, `2026-11-25.2`. */
export const toolkitVersionSchema = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(\.([2-9]|[1-9]\d{1,3}))?$/,
    'must be a date such as 2026-11-25, or 2026-11-25.2 for the second of a day',
  );

/** Names that move from one date of a toolkit to the next. */
export const channelSchema = z.enum(['stable', 'latest']);

/** Selects a version of a tool: its own version, the one in a dated toolkit, or the one in a channel. */
export const toolSelectorSchema = z.union([semanticVersionSchema, toolkitVersionSchema, channelSchema], {
  error: 'must be a version such as 1.4.0, the date of a toolkit such as 2026-11-25, stable or latest',
});

/** SHA-256 in lower-case hex. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');

/**
 * A reference to the prompt behind a call: its id at its registry, a digest of its text, and a page that shows it. The
 * mesh carries a reference and never loads it.
 */
export const promptSchema = z
  .strictObject({
    id: nameSchema.exactOptional(),
    /** A digest of the text in any notation, for example `sha256:9f86d0…`. */
    hash: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible ASCII characters')
      .exactOptional(),
    url: z
      .string()
      .max(2_000)
      .refine(isPage, 'must be an http or https URL without user and password')
      .exactOptional(),
  })
  .refine(
    ({ id, hash, url }) => id !== undefined || hash !== undefined || url !== undefined,
    'must have an id, a hash or a url',
  );

/** A URL with user and password would carry a credential into traces and history. */
function isPage(text: string): boolean {
  const url = parseUrl(text);
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

/** An idempotency key that begins so names a step of a run of a flow. The ledger answers such a call for ever. */
export const flowKeyPrefix = 'flow:';

/** The agent that decided to make the call, with its place in its run. */
export const agentSchema = z.strictObject({
  id: nameSchema,
  run_id: nameSchema.optional(),
  session_id: nameSchema.optional(),
  step: z.int().min(0).optional(),
  thought: z.string().max(4_000).optional(),
  prompt: promptSchema.optional(),
});

/** `live` reaches the provider; `dry_run` stops before it; `shadow` records the request instead of sending it. */
export const callModeSchema = z.enum(['live', 'dry_run', 'shadow']);

/**
 * The range within which equal calls are the same call: the agent's run, its session, all calls of the user, or one
 * window of time (`window:10m`; units ms, s, m, h, d).
 */
export const scopeSchema = z
  .string()
  .regex(
    /^(run|session|global|window:[1-9]\d{0,8}(ms|s|m|h|d))$/,
    'must be run, session, global or window:<duration>',
  );

/** The arguments of a tool, as JSON. The tool's own schema checks the content. */
export const argumentsSchema = z.record(z.string(), z.unknown());
