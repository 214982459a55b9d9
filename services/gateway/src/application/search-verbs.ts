import { queryTerms } from './search-terms.js';

/**
 * Actions with the verbs that tools and people use for them. Verbs separate tools with the same noun: "cancel order"
 * means `cancel_order` and not `create_order`.
 */
const verbs: Readonly<Record<string, string>> = {
  create: 'add book create draft file insert make new open post raise register schedule submit',
  delete: 'archive clear delete destroy discard drop erase purge remove trash',
  cancel: 'abort cancel revoke stop terminate void withdraw',
  search: 'find query search',
  read: 'browse check count describe display download enumerate fetch find get inspect list lookup query read retrieve search see show view',
  update: 'assign change edit modify move patch rename replace reschedule set transition update upsert',
  send: 'email forward mail notify post reply send share',
  end: 'close complete finish resolve',
  begin: 'begin dispatch execute launch rerun restart run start trigger',
  accept: 'accept approve confirm',
  refuse: 'decline deny reject',
  merge: 'merge',
  pay: 'capture charge pay purchase',
  refund: 'refund',
};

/** Verbs that people use for one action when a tool names another: an API cancels a meeting by deleting its event. */
const nearVerbs: Readonly<Record<string, readonly string[]>> = {
  cancel: ['delete'],
  delete: ['cancel'],
  end: ['update'],
  pay: ['create'],
  refund: ['create'],
  send: ['create'],
  begin: ['create'],
  accept: ['create', 'update'],
  refuse: ['create', 'update'],
};

/** Words before the verb of a question or request: "how do I close …", "please list …". */
const courtesy: ReadonlySet<string> = new Set(
  'a can could do going help how i id like me must my need please should the to us want we would you'.split(
    ' ',
  ),
);

/** The verb that most tools use for an action. It replaces a verb that no tool has. */
const usualVerbs: Readonly<Record<string, string>> = {
  create: 'create',
  delete: 'delete',
  cancel: 'cancel',
  search: 'search',
  read: 'get',
  update: 'update',
};

const groups = new Map<string, string[]>();
for (const [group, words] of Object.entries(verbs)) {
  for (const word of words.split(' ')) groups.set(word, [...(groups.get(word) ?? []), group]);
}

const sameWord = 1.5;
const sameDeed = 1.35;
const nearDeed = 1.1;
const otherDeed = 0.6;

/** The action that a search asks for. */
export interface SearchedDeed {
  /** The verb at the beginning; `undefined` when the search begins with another word. */
  readonly verb: string | undefined;
  /** The words of the search. A known verb replaces one that no tool has: "open an issue" becomes "create an issue". */
  readonly words: readonly string[];
}

/** Finds the action of a search. `known` are the verbs of the searched tools. */
export function searchedDeed(words: readonly string[], known: ReadonlySet<string>): SearchedDeed {
  const at = words.findIndex((word) => !courtesy.has(word.toLowerCase()));
  const verb = verbOf(words[at]?.toLowerCase() ?? '');
  const usual = usualVerbs[groups.get(verb ?? '')?.[0] ?? ''];
  // A word with synonyms of its own finds the intended tools without a replacement.
  if (verb === undefined || usual === undefined || known.has(verb) || hasSynonyms(verb))
    return { verb, words };
  return { verb, words: words.map((word, index) => (index === at ? usual : word)) };
}

/** The verb of a tool: the first word of its title, else the first verb in its name. */
export function toolVerb(title: readonly string[], name: readonly string[]): string | undefined {
  const [first = ''] = title;
  const ofTitle = verbOf(first.toLowerCase());
  if (ofTitle !== undefined) return ofTitle;
  for (const word of name) {
    const verb = verbOf(word);
    if (verb !== undefined) return verb;
  }
  return undefined;
}

/** The factor of a tool's rank for its verb. 1 when the search or the tool has no verb. */
export function verbWeight(searched: string | undefined, own: string | undefined): number {
  if (searched === undefined || own === undefined) return 1;
  if (searched === own) return sameWord;
  const wanted = groups.get(searched) ?? [];
  const done = groups.get(own) ?? [];
  if (wanted.some((group) => done.includes(group))) return sameDeed;
  return wanted.some((group) => (nearVerbs[group] ?? []).some((near) => done.includes(near)))
    ? nearDeed
    : otherDeed;
}

/** The plain form of a verb: `creates` becomes `create`. */
function verbOf(word: string): string | undefined {
  return [word, word.replace(/s$/, ''), word.replace(/es$/, '')].find((form) => groups.has(form));
}

function hasSynonyms(verb: string): boolean {
  return queryTerms(verb).some((alternatives) => alternatives.length > 1);
}
