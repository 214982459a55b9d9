import {
  effectSchema,
  nameSchema,
  responseSize,
  retryPolicySchema,
  toolSlugSchema,
  type Tool,
} from '@action-mesh/contracts/catalog';
import { z } from 'zod';

const proseSchema = z.string().min(1).max(20_000);

/** What a team changes about one argument of a tool that it did not write. */
const argumentPatchSchema = z.strictObject({
  description: proseSchema.exactOptional(),
  examples: z.array(z.json()).max(20).exactOptional(),
  /** The values that are left of those that the tool takes. */
  enum: z.array(z.json()).min(1).max(1_000).exactOptional(),
  /** Sent when the caller gives none; the argument need not be given then. */
  default: z.json().exactOptional(),
  /** Callers and models do not see the argument; `value` is always sent for it, and without one it never is. */
  hidden: z.strictObject({ value: z.json().exactOptional() }).exactOptional(),
});

/** What a team changes about a tool that it did not write: data, layered over every import of it. */
export const overridePatchSchema = z.strictObject({
  /** Another name; the old one stays as an alias. */
  rename: toolSlugSchema.exactOptional(),
  title: nameSchema.exactOptional(),
  description: proseSchema.exactOptional(),
  tags: z.array(z.string().min(1).max(100)).max(50).exactOptional(),
  examples: z
    .array(z.strictObject({ description: z.string(), arguments: z.record(z.string(), z.json()) }))
    .max(20)
    .exactOptional(),
  effect: effectSchema.exactOptional(),
  retry: retryPolicySchema.exactOptional(),
  timeout_ms: z.int().min(1).max(600_000).exactOptional(),
  max_response_bytes: z.int().min(1).max(responseSize.mostBytes).exactOptional(),
  arguments: z.record(z.string().min(1), argumentPatchSchema).exactOptional(),
});

export type OverridePatch = z.infer<typeof overridePatchSchema>;
export type ArgumentPatch = z.infer<typeof argumentPatchSchema>;

/** The parts of a tool that a patch replaces as a whole. */
export const replacedParts = [
  'title',
  'description',
  'tags',
  'examples',
  'effect',
  'retry',
  'timeout_ms',
  'max_response_bytes',
] as const satisfies readonly (keyof OverridePatch & keyof Tool)[];
