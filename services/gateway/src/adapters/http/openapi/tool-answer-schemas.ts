import {
  changeKinds,
  effectSchema,
  toolkitVersionSchema,
  ToolPublished,
} from '@action-mesh/contracts/catalog';
import { z } from 'zod';

const { shape } = ToolPublished.schema;
const effectClassSchema = z.enum(effectSchema.options.map((option) => option.shape.class.value));

/** A tool as callers see it. */
export const toolAnswerSchema = z.object({
  slug: shape.slug,
  version: shape.version,
  toolkit: shape.toolkit,
  title: shape.title,
  description: shape.description,
  tags: shape.tags,
  aliases: shape.aliases,
  deprecated: z.boolean(),
  provider: z.string(),
  input: shape.input,
  output: shape.output,
  examples: shape.examples,
  effect: effectClassSchema,
  effect_source: shape.effect_source,
  security: shape.security,
  token_cost: shape.token_cost,
  warnings: shape.warnings,
  timeout_ms: shape.timeout_ms,
  validity_ms: shape.validity_ms,
});

/** A tool with the versions and dates that a call can pin. */
export const toolVersionsSchema = toolAnswerSchema.extend({
  versions: z.array(z.string()),
  toolkit_versions: z.array(z.string()),
});

/** The part of a tool that a model needs to choose among tools. */
export const toolSummarySchema = z.object({
  name: z.string(),
  version: shape.version,
  toolkit: shape.toolkit,
  description: z.string(),
  effect: effectClassSchema,
  token_cost: shape.token_cost,
});

/** One part of the input of a tool. */
export const toolPartSchema = z.object({
  slug: shape.slug,
  version: shape.version,
  part: z.string(),
  schema: shape.input,
});

/** A page of tools, in the form that the parameter `form` selects. */
export const toolListSchema = z.object({
  tools: z.array(z.looseObject({})),
  total: z.int().min(0),
  token_cost: z.int().min(0),
  /** The information about each tool that a vendor's form leaves out. */
  differences: z.array(z.looseObject({})).optional(),
  cursor: z.string().optional(),
});

/** A dated toolkit. */
export const toolkitViewSchema = z.object({
  toolkit: z.string(),
  origin: z.string(),
  stable: toolkitVersionSchema.nullable(),
  latest: toolkitVersionSchema.nullable(),
  tools: z.int().min(0),
  token_cost: z.int().min(0),
  source: z.looseObject({ document: z.string(), title: z.string(), digest: z.string() }).optional(),
  versions: z.array(z.string()),
  proposed: z.int().min(0),
  /** Only after a change. False: the publication failed and is repeated. */
  published: z.boolean().optional(),
});

/** The toolkits of the mesh. */
export const toolkitListSchema = z.object({ toolkits: z.array(toolkitViewSchema) });

const changeSchema = z.object({ kind: z.enum(changeKinds), pointer: z.string(), message: z.string() });
const toolDifferenceSchema = z.object({
  slug: z.string(),
  was: z.string().nullable().optional(),
  is: z.string().nullable().optional(),
  kind: z.enum(changeKinds),
  changes: z.array(changeSchema),
});

/** The differences between two dates of a toolkit. */
export const toolkitChangesSchema = z.object({ changes: z.array(toolDifferenceSchema) });

const problemSchema = z.object({ pointer: z.string(), message: z.string() });
const conflictSchema = z.object({
  slug: z.string(),
  revision: z.int(),
  conflicts: z.array(problemSchema),
  problems: z.array(problemSchema),
});

/** The result of an import. */
export const importedToolkitSchema = z.object({
  toolkit: z.string(),
  release: z.string().optional(),
  isNew: z.boolean(),
  tools: z.int().min(0),
  differences: z.array(toolDifferenceSchema),
  conflicts: z.array(conflictSchema),
  refused: z.array(z.object({ slug: z.string(), problems: z.array(problemSchema) })),
  stable: z.string().optional(),
  held: z.string().optional(),
  published: z.boolean(),
});

/** Everything that was deleted with a toolkit. */
export const deletedToolkitSchema = z.object({
  toolkit: z.string(),
  retired: z.array(z.string()),
  withdrawn: z.object({ count: z.int().min(0), tools: z.array(z.string()) }),
  published: z.boolean(),
});

const overrideSchema = z.object({
  slug: z.string(),
  revision: z.int().min(1),
  state: z.enum(['proposed', 'approved', 'rejected', 'superseded']),
  patch: z.looseObject({}),
  base: z.looseObject({}),
  author: z.string(),
  note: z.string().optional(),
  reviewer: z.string().optional(),
});

/** The overrides of a toolkit, and those that do not fit its newest import. */
export const overrideListSchema = z.object({
  overrides: z.array(overrideSchema),
  conflicts: z.array(conflictSchema),
});

/** An override, with its present or future effect on the toolkit. */
export const reviewedOverrideSchema = z.object({
  override: overrideSchema,
  differences: z.array(toolDifferenceSchema),
  release: z.string().optional(),
  stable: z.string().optional(),
  held: z.string().optional(),
  conflicts: z.array(conflictSchema),
});
