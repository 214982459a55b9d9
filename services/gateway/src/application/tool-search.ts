import type { ToolFilter } from '@action-mesh/admission';
import type { EffectClass, Tool } from '@action-mesh/contracts/catalog';

import type { ToolPageEnd } from '../domain/tool-cursor.js';
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
  /** The answer continues behind this page. */
  readonly cursor?: ToolPageEnd;
  /** A further condition. */
  readonly isWanted?: (tool: Tool) => boolean;
}

/** The found tools, the best first. */
export interface FoundTools {
  readonly tools: readonly Tool[];
  /** The number of tools without the limit. */
  readonly total: number;
  /** The end of this page. Absent: it is the last one. */
  readonly next?: ToolPageEnd;
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
    const matching = ranked.filter(
      (tool) => isChosen(tool, query) && query.isWanted?.(tool) !== false && filter?.allows(tool) !== false,
    );
    const start = query.cursor === undefined ? 0 : startOfPage(matching, query.cursor, ranked === all);
    const end = query.limit === undefined ? matching.length : start + query.limit;
    const tools = matching.slice(start, end);
    const last = tools.at(-1);
    return {
      tools,
      total: matching.length,
      ...(last === undefined || end >= matching.length ? {} : { next: { slug: last.slug, count: end } }),
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

/**
 * The index of the first tool behind a page. By name, tools that came or went meanwhile change nothing. By rank, the page
 * continues behind its last tool, or at the same number when that tool has gone.
 */
function startOfPage(tools: readonly Tool[], { slug, count }: ToolPageEnd, isByName: boolean): number {
  const found = tools.findIndex((tool) => (isByName ? tool.slug > slug : tool.slug === slug));
  if (isByName) return found === -1 ? tools.length : found;
  return found === -1 ? Math.min(count, tools.length) : found + 1;
}

function isChosen(tool: Tool, { provider, toolkit, tag, effect, connection }: ToolQuery): boolean {
  return (
    (provider === undefined || tool.provider.slug === provider) &&
    (toolkit === undefined || tool.toolkit === toolkit) &&
    (tag === undefined || tool.tags.includes(tag)) &&
    (effect === undefined || tool.effect.class === effect) &&
    (connection === undefined || (connection === 'needed') === needsCredential(tool))
  );
}

/** True: the tool has alternatives, and each of them has a requirement. */
export function needsCredential({ security }: Tool): boolean {
  return security.length > 0 && security.every((alternative) => alternative.length > 0);
}
