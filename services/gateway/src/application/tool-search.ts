import type { EffectClass, Tool } from '@action-mesh/contracts/catalog';
import MiniSearch from 'minisearch';

import type { KnownTools } from './known-tools.js';
import { searchTerms } from './search-terms.js';

/** What tools are looked for; what is absent does not matter. */
export interface ToolQuery {
  /** Words, in any language that separates them; absent: all tools, by name. */
  readonly text?: string;
  readonly provider?: string;
  readonly toolkit?: string;
  readonly tag?: string;
  readonly effect?: EffectClass;
  /** Whether the user has to have connected an account first. */
  readonly connection?: 'needed' | 'not_needed';
  /** How many at most. */
  readonly limit?: number;
}

/** The best first. */
export interface FoundTools {
  readonly tools: readonly Tool[];
  /** How many there are without the limit. */
  readonly total: number;
}

interface SearchedTool {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly tags: string;
  readonly parameters: string;
  readonly description: string;
}

/** Tools that go into the index without a pause for those who wait for a call. */
const CHUNK = 100;

/**
 * Finds tools by words (BM25+) and by what they are. Of every tool it knows the version that a caller gets who pins none. The
 * index is made when somebody asks and the tools have changed since.
 */
export class ToolSearch {
  #tools: { readonly revision: number; readonly all: readonly Tool[] } | undefined;
  #index: { readonly of: readonly Tool[]; readonly made: Promise<MiniSearch<SearchedTool>> } | undefined;

  constructor(private readonly known: KnownTools) {}

  /** Rejects with `MeshUnavailableError` while the tools are not known. */
  async find(query: ToolQuery): Promise<FoundTools> {
    const all = this.#all();
    const ranked =
      query.text === undefined || query.text.trim() === '' ? all : await this.#ranked(query.text, all);
    const matching = ranked.filter((tool) => isWanted(tool, query));
    return {
      tools: query.limit === undefined ? matching : matching.slice(0, query.limit),
      total: matching.length,
    };
  }

  async #ranked(text: string, all: readonly Tool[]): Promise<readonly Tool[]> {
    const bySlug = new Map(all.map((tool) => [tool.slug, tool]));
    const index = await this.#current(all);
    return index.search(text).flatMap(({ id }) => bySlug.get(String(id)) ?? []);
  }

  #all(): readonly Tool[] {
    const shelf = this.known.shelf();
    const { revision } = shelf;
    if (this.#tools?.revision !== revision) this.#tools = { revision, all: shelf.stableOfEach() };
    return this.#tools.all;
  }

  #current(all: readonly Tool[]): Promise<MiniSearch<SearchedTool>> {
    if (this.#index?.of !== all) this.#index = { of: all, made: indexOf(all) };
    return this.#index.made;
  }
}

async function indexOf(tools: readonly Tool[]): Promise<MiniSearch<SearchedTool>> {
  const index = new MiniSearch<SearchedTool>({
    fields: ['name', 'title', 'tags', 'parameters', 'description'],
    processTerm: searchTerms,
    searchOptions: {
      // A tool is called after what it does; what else its words mention is often what other tools do.
      boost: { name: 3, title: 5, tags: 1, parameters: 0.3, description: 0.5 },
      prefix: (term) => term.length >= 3,
      fuzzy: (term) => (term.length >= 5 ? 0.2 : false),
      weights: { prefix: 0.4, fuzzy: 0.2 },
    },
  });
  await index.addAllAsync(tools.map(searchedTool), { chunkSize: CHUNK });
  return index;
}

function searchedTool({ slug, title, tags, description, input, toolkit }: Tool): SearchedTool {
  return {
    id: slug,
    name: `${slug.replaceAll('_', ' ')} ${toolkit}`,
    title,
    tags: tags.join(' '),
    parameters: parameterWords(input),
    description,
  };
}

/** Names and descriptions of the arguments; what lies deeper is rarely what a tool is looked for by. */
function parameterWords({ properties }: Tool['input']): string {
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return '';
  return Object.entries(properties)
    .map(([name, schema]) => {
      const description =
        typeof schema === 'object' && schema !== null && !Array.isArray(schema)
          ? schema['description']
          : undefined;
      return `${name.replaceAll('_', ' ')} ${typeof description === 'string' ? description : ''}`;
    })
    .join(' ');
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

/** Without alternatives, or with one that asks for nothing, a tool needs no credential. */
function needsConnection({ security }: Tool): boolean {
  return security.length > 0 && security.every((alternative) => alternative.length > 0);
}
