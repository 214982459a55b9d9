import { setImmediate } from 'node:timers/promises';

import type { Problem } from '@action-mesh/tools';
import { type ImportedToolkit, toolSlugSchema } from '@action-mesh/contracts/catalog';
import { defined, schemaProblems } from '@action-mesh/kernel';
import { z } from 'zod';

import { CatalogRefusedError, InvalidCatalogRequestError } from '../domain/catalog.errors.js';
import type { UnversionedTool } from '../domain/tool-change.js';
import { judgeTool, type JudgedTool } from '../domain/judge-tool.js';
import type { CatalogStore } from './catalog-store.port.js';
import type { SettleToolkit } from './settle-toolkit.js';

const importSchema = z.object({
  source: z.object({
    document: z.string().max(2_000),
    title: z.string().max(500),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    select: z.array(z.string().max(500)).max(100),
  }),
  tools: z
    .array(z.looseObject({ slug: toolSlugSchema }))
    .min(1)
    .max(5_000),
});

/** Imports the tools of a document into the catalog, or their changes in a newer document. */
export class ImportToolkit {
  readonly #store: CatalogStore;
  readonly #settleToolkit: SettleToolkit;

  constructor(store: CatalogStore, settleToolkit: SettleToolkit) {
    this.#store = store;
    this.#settleToolkit = settleToolkit;
  }

  /** Errors: `CATALOG_INVALID`, `CATALOG_REFUSED`, `CATALOG_NAME_TAKEN`, `CATALOG_TOOLKIT_CHANGED`. */
  async run(name: string, body: unknown): Promise<ImportedToolkit> {
    const request = importSchema.safeParse(body);
    if (!request.success)
      throw new InvalidCatalogRequestError('the body is not an import', schemaProblems(request.error.issues));
    const named = toolSlugSchema.safeParse(name);
    if (!named.success)
      throw new InvalidCatalogRequestError(
        'the name of the toolkit is not valid',
        schemaProblems(named.error.issues, '/toolkit'),
      );
    const { accepted, refused } = await this.#judge(name, request.data.tools);
    if (accepted.length === 0) {
      const [first] = refused;
      throw new InvalidCatalogRequestError(
        'every tool of the import is refused',
        (first?.problems ?? []).map(({ pointer, message }) => ({ pointer: `/tools/0${pointer}`, message })),
      );
    }
    const wrong = new Set(refused.map(({ slug }) => slug));
    const { plan, newest, published } = await this.#settleToolkit.run(name, (before) => {
      if (before?.origin === 'code')
        throw new CatalogRefusedError(`"${name}" is a toolkit of code; import under another name`);
      // A mistake withdraws nothing: a refused tool keeps its former version.
      const kept = (before?.imported ?? []).filter(
        ({ slug }) => wrong.has(slug) && accepted.every((tool) => tool.slug !== slug),
      );
      return { imported: [...accepted, ...kept], source: request.data.source };
    });
    return {
      toolkit: name,
      ...defined({ release: newest }),
      isNew: plan.release !== undefined,
      tools: accepted.length,
      differences: plan.differences,
      conflicts: plan.conflicts,
      refused,
      ...defined({ stable: plan.stable, held: plan.held }),
      published,
    };
  }

  async #judge(
    name: string,
    tools: readonly ({ readonly slug: string } & Readonly<Record<string, unknown>>)[],
  ): Promise<{ readonly accepted: UnversionedTool[]; readonly refused: ImportedToolkit['refused'] }> {
    const owners = await this.#store.owners(tools.flatMap((tool) => [tool.slug, ...formerNamesOf(tool)]));
    // A former name that is the name of a tool finds that tool. If two tools have one former name, it finds the first.
    const taken = new Set(tools.map(({ slug }) => slug));
    const seen = new Set<string>();
    const accepted: UnversionedTool[] = [];
    const refused: { slug: string; problems: readonly Problem[] }[] = [];
    for (const source of tools) {
      // A tool takes a millisecond or two. Other requests get their turn after each tool.
      await setImmediate();
      const { slug } = source;
      const owner = owners.get(slug) ?? name;
      const aliases = formerNamesOf(source).filter(
        (alias) => !taken.has(alias) && (owners.get(alias) ?? name) === name,
      );
      for (const alias of aliases) taken.add(alias);
      const judged =
        owner !== name
          ? refusal('/slug', `is a tool of the toolkit "${owner}"`)
          : seen.has(slug)
            ? refusal('/slug', 'appears twice')
            : source['toolkit'] !== name
              ? refusal('/toolkit', 'differs from the imported toolkit')
              : judgeTool({ ...source, aliases });
      seen.add(slug);
      if (judged.ok) accepted.push(judged.tool);
      else refused.push({ slug, problems: judged.problems });
    }
    return { accepted, refused };
  }
}

function formerNamesOf({ aliases }: Readonly<Record<string, unknown>>): string[] {
  return Array.isArray(aliases) ? aliases.filter((alias) => typeof alias === 'string') : [];
}

function refusal(pointer: string, message: string): JudgedTool {
  return { ok: false, problems: [{ pointer, message }] };
}
