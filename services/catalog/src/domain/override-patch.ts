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

/** A team's changes to one argument of a tool that it did not write. */
const argumentPatchSchema = z.strictObject({
  description: proseSchema.exactOptional(),
  examples: z.array(z.json()).max(20).exactOptional(),
  /** The remaining ones of the values that the tool accepts. */
  enum: z.array(z.json()).min(1).max(1_000).exactOptional(),
  /** The value that is sent without the caller's own. The argument becomes optional. */
  default: z.json().exactOptional(),
  /**
   * Hides the argument from callers and models. `value` is always sent for it; without one, the argument is never sent.
   */
  hidden: z.strictObject({ value: z.json().exactOptional() }).exactOptional(),
});

/** A team's changes to a tool that it did not write: data, laid over every import of the tool. */
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
