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

/** Tools that go into the index without a pause for those who wait for a call. */
const CHUNK = 100;

const wordsOf = MiniSearch.getDefault('tokenize') as (text: string) => string[];

/** Ranks tools by words: first those whose title has just these, then by BM25+ over all that tools say of themselves. */
export class ToolIndex {
  private constructor(
    private readonly index: MiniSearch<IndexedTool>,
    /** The terms of each title, by slug, in the order of the alphabet. */
    private readonly titles: ReadonlyMap<string, string>,
    /** The verb of each tool that has one, by slug. */
    private readonly verbs: ReadonlyMap<string, string>,
    private readonly knownVerbs: ReadonlySet<string> = new Set(verbs.values()),
  ) {}

  static async of(tools: readonly Tool[]): Promise<ToolIndex> {
    const index = new MiniSearch<IndexedTool>({
      fields: ['name', 'title', 'tags', 'parameters', 'description'],
      processTerm: indexTerms,
      searchOptions: {
        processTerm: (word) => queryTerms(word).flat(),
        // A tool is called after what it does; what else its words mention is often what other tools do.
        boost: { name: 3, title: 5, tags: 1, parameters: 0.3, description: 0.5 },
        prefix: (term) => term.length >= 3,
        fuzzy: (term) => (term.length >= 5 ? 0.2 : false),
        weights: { prefix: 0.4, fuzzy: 0.2 },
      },
    });
    await index.addAllAsync(tools.map(indexedTool), { chunkSize: CHUNK });
    const titles = tools.map(
      ({ slug, title }) => [slug, inOrder(wordsOf(title).flatMap(indexTerms))] as const,
    );
    const verbs = tools.flatMap(({ slug, title, toolkit }) => {
      const verb = toolVerb(wordsOf(title), ownName(slug, toolkit).split('_'));
      return verb === undefined ? [] : [[slug, verb] as const];
    });
    return new ToolIndex(index, new Map(titles), new Map(verbs));
  }

  /** The names of the tools that have one of the words, the best first. */
  search(text: string): string[] {
    const { verb, words: said } = searchedDeed(wordsOf(text), this.knownVerbs);
    const wanted = said.flatMap(queryTerms);
    const title = inOrder(wanted.map(([word]) => word));
    const ranked = this.index.search(said.join(' ')).map(({ id, score, queryTerms: found }) => {
      const slug = String(id);
      const terms = new Set(found);
      // The index multiplies by the terms that a tool has; a synonym beside its word is no second word.
      const words = wanted.filter((alternatives) => alternatives.some((term) => terms.has(term)));
      return {
        slug,
        isTitle: this.titles.get(slug) === title,
        score: (score / terms.size) * words.length * verbWeight(verb, this.verbs.get(slug)),
      };
    });
    return ranked
      .sort((left, right) => Number(right.isTitle) - Number(left.isTitle) || right.score - left.score)
      .map(({ slug }) => slug);
  }
}

/** A slug without the name of its toolkit, which is no verb: `post_office_send_letter`. */
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
