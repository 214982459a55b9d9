import type { Change, ImportedToolkit } from '@action-mesh/contracts/catalog';
import { z } from 'zod';

import { ImportRefusedError, NotAGatewayError, UnknownOutcomeError } from './import.errors.js';

type Difference = ImportedToolkit['differences'][number];

/**
 * An `ImportedToolkit` from this or another version of the catalog. A newer catalog may send further kinds of
 * changes.
 */
export type CatalogAnswer = Omit<ImportedToolkit, 'differences'> & {
  readonly differences: readonly (Omit<Difference, 'kind' | 'changes'> & {
    readonly kind: string;
    readonly changes: readonly (Omit<Change, 'kind'> & { readonly kind: string })[];
  })[];
};

const problems = z.array(z.looseObject({ pointer: z.string(), message: z.string() }));

// A newer catalog may send further members.
const importedSchema = z.looseObject({
  toolkit: z.string(),
  release: z.string().exactOptional(),
  isNew: z.boolean(),
  tools: z.number(),
  differences: z.array(
    z.looseObject({
      slug: z.string(),
      was: z.string().exactOptional(),
      is: z.string().exactOptional(),
      kind: z.string(),
      changes: z.array(z.looseObject({ kind: z.string(), pointer: z.string(), message: z.string() })),
    }),
  ),
  conflicts: z.array(
    z.looseObject({ slug: z.string(), revision: z.number(), conflicts: problems, problems }),
  ),
  refused: z.array(z.looseObject({ slug: z.string(), problems })),
  stable: z.string().exactOptional(),
  held: z.string().exactOptional(),
  published: z.boolean(),
});

/** A problem document of the gateway, for its own refusals and for those of the catalog. */
const refusalSchema = z.looseObject({
  code: z.string(),
  detail: z.string(),
  fix: z.string().default(''),
  errors: problems.default([]),
});

/**
 * Reads the answer to an import. Throws `ImportRefusedError`, `NotAGatewayError`, or `UnknownOutcomeError`.
 */
export function importedFrom(status: number, text: string): CatalogAnswer {
  const body = parsed(text);
  if (status === 200 || status === 201) {
    const imported = importedSchema.safeParse(body);
    if (imported.success) return imported.data;
    // The catalog answered with unknown members, or the answer is cut off.
    if (text.trimStart().startsWith('{'))
      throw new UnknownOutcomeError('sent an answer that this version cannot read');
    throw new NotAGatewayError(status);
  }
  // The gateway or the catalog failed, before or during the import.
  if (status >= 500) throw new UnknownOutcomeError(`answered with status ${status}`);
  const refusal = refusalSchema.safeParse(body);
  if (!refusal.success) throw new NotAGatewayError(status);
  const { detail, fix, errors } = refusal.data;
  throw new ImportRefusedError(`${`${detail} ${fix}`.trim()} (status ${status})`, errors);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
