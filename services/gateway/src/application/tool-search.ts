import type { ToolFilter } from '@action-mesh/admission';
import type { EffectClass, Tool } from '@action-mesh/contracts/catalog';

import type { KnownTools } from './known-tools.js';
import { ToolIndex } from './tool-index.js';

/** The conditions of a search; an absent one does not matter. */
export interface ToolQuery {
  /** Words, in any language that separates them; absent: all tools, by name. */
  readonly text?: string;
  readonly provider?: string;
  readonly toolkit?: string;
  readonly tag?: string;
  readonly effect?: EffectClass;
  /** Whether the user must have connected an account first. */
  readonly connection?: 'needed' | 'not_needed';
  /** The most tools in the answer. */
  readonly limit?: number;
}

/** The found tools, the best first. */
export interface FoundTools {
  readonly tools: readonly Tool[];
  /** The number of tools without the limit. */
  readonly total: number;
}

/**
 * Finds tools by words (BM25+) and by their properties. It searches the version of each tool that an unpinned call
 * gets. A search rebuilds the index when the tools have changed.
 */
export class ToolSearch {
  #tools: { readonly revision: number; readonly all: readonly Tool[] } | undefined;
  #index: { readonly of: readonly Tool[]; readonly made: Promise<ToolIndex> } | undefined;

  readonly #known: KnownTools;

  constructor(known: KnownTools) {
    this.#known = known;
  }

  /** Finds among the tools that `filter` allows. Rejects with `MeshUnavailableError` while the tools are not known. */
  async find(query: ToolQuery, filter?: ToolFilter): Promise<FoundTools> {
    const all = this.#all();
    const ranked =
      query.text === undefined || query.text.trim() === '' ? all : await this.#ranked(query.text, all);
    const matching = ranked.filter((tool) => isWanted(tool, query) && filter?.allows(tool) !== false);
    return {
      tools: query.limit === undefined ? matching : matching.slice(0, query.limit),
      total: matching.length,
    };
  }

  async #ranked(text: string, all: readonly Tool[]): Promise<readonly Tool[]> {
    const bySlug = new Map(all.map((tool) => [tool.slug, tool]));
    const index = await this.#current(all);
    return index.search(text).flatMap((slug) => bySlug.get(slug) ?? []);
  }

  #all(): readonly Tool[] {
    const registry = this.#known.registry();
    const { revision } = registry;
    if (this.#tools?.revision !== revision) this.#tools = { revision, all: registry.stableOfEach() };
    return this.#tools.all;
  }

  #current(all: readonly Tool[]): Promise<ToolIndex> {
    if (this.#index?.of !== all) this.#index = { of: all, made: ToolIndex.of(all) };
    return this.#index.made;
  }
}

function isWanted(tool: Tool, { provider, toolkit, tag, effect, connection }: ToolQuery): boolean {
  return (
    (provider === undefined || tool.provider.slug === provider) &&
    (toolkit === undefined || tool.toolkit === toolkit) &&
    (tag === undefined || tool.tags.includes(tag)) &&
    (effect === undefined || tool.effect.class === effect) &&
    (connection === undefined || (connection === 'needed') === needsConnection(tool))
  );
}

/** A tool needs no credential when it has no alternatives, or one without requirements. */
function needsConnection({ security }: Tool): boolean {
  return security.length > 0 && security.every((alternative) => alternative.length > 0);
}
