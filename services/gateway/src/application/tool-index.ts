import type { Tool } from '@action-mesh/contracts/catalog';
import MiniSearch from 'minisearch';

import { indexTerms, queryTerms } from './search-terms.js';
import { searchedDeed, toolVerb, verbWeight } from './search-verbs.js';

interface IndexedTool {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly tags: string;
  readonly parameters: string;
  readonly description: string;
}

/** Tools that enter the index before it pauses for waiting calls. */
const chunk = 100;

const wordsOf = MiniSearch.getDefault('tokenize') as (text: string) => string[];

/**
 * Ranks tools by words. Tools with exactly these words as their title come first; BM25+ over all words of the tools
 * ranks the rest.
 */
export class ToolIndex {
  readonly #index: MiniSearch<IndexedTool>;
  /** The terms of each title, by slug, in alphabetical order. */
  readonly #titles: ReadonlyMap<string, string>;
  /** The verb of each tool with a verb, by slug. */
  readonly #verbs: ReadonlyMap<string, string>;
  readonly #knownVerbs: ReadonlySet<string>;

  private constructor(
    index: MiniSearch<IndexedTool>,

    titles: ReadonlyMap<string, string>,

    verbs: ReadonlyMap<string, string>,
    knownVerbs: ReadonlySet<string> = new Set(verbs.values()),
  ) {
    this.#index = index;
    this.#titles = titles;
    this.#verbs = verbs;
    this.#knownVerbs = knownVerbs;
  }

  static async of(tools: readonly Tool[]): Promise<ToolIndex> {
    const index = new MiniSearch<IndexedTool>({
      fields: ['name', 'title', 'tags', 'parameters', 'description'],
      processTerm: indexTerms,
      searchOptions: {
        processTerm: (word) => queryTerms(word).flat(),
        // A tool's name states its own purpose. Its other words often describe other tools.
        boost: { name: 3, title: 5, tags: 1, parameters: 0.3, description: 0.5 },
        prefix: (term) => term.length >= 3,
        fuzzy: (term) => (term.length >= 5 ? 0.2 : false),
        weights: { prefix: 0.4, fuzzy: 0.2 },
      },
    });
    await index.addAllAsync(tools.map(indexedTool), { chunkSize: chunk });
    const titles = tools.map(
      ({ slug, title }) => [slug, inOrder(wordsOf(title).flatMap(indexTerms))] as const,
    );
    const verbs = tools.flatMap(({ slug, title, toolkit }) => {
      const verb = toolVerb(wordsOf(title), ownName(slug, toolkit).split('_'));
      return verb === undefined ? [] : [[slug, verb] as const];
    });
    return new ToolIndex(index, new Map(titles), new Map(verbs));
  }

  /** The slugs of the tools that contain one of the words, the best first. */
  search(text: string): string[] {
    const { verb, words: said } = searchedDeed(wordsOf(text), this.#knownVerbs);
    const wanted = said.flatMap(queryTerms);
    const title = inOrder(wanted.map(([word]) => word));
    const ranked = this.#index.search(said.join(' ')).map(({ id, score, queryTerms: found }) => {
      const slug = String(id);
      const terms = new Set(found);
      // The index multiplies by the matched terms of a tool. A synonym beside its word must not count as a second word.
      const words = wanted.filter((alternatives) => alternatives.some((term) => terms.has(term)));
      return {
        slug,
        isTitle: this.#titles.get(slug) === title,
        score: (score / terms.size) * words.length * verbWeight(verb, this.#verbs.get(slug)),
      };
    });
    return ranked
      .sort((left, right) => Number(right.isTitle) - Number(left.isTitle) || right.score - left.score)
      .map(({ slug }) => slug);
  }
}

/** A slug without the name of its toolkit: the `post` in `post_office_send_letter` is no verb. */
function ownName(slug: string, toolkit: string): string {
  return slug.startsWith(`${toolkit}_`) ? slug.slice(toolkit.length + 1) : slug;
}

function inOrder(words: readonly string[]): string {
  return [...new Set(words)].sort().join(' ');
}

function indexedTool({ slug, title, tags, description, input, toolkit }: Tool): IndexedTool {
  return {
    id: slug,
    name: `${slug.replaceAll('_', ' ')} ${toolkit}`,
    title,
    tags: tags.join(' '),
    parameters: parameterWords(input),
    description,
  };
}

/** Names and descriptions of the top-level arguments. Searches rarely name deeper arguments. */
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
