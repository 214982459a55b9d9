/** The names of arguments that models and their vendors accept. */
const acceptedName = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;
const longest = 60;
/**
 * Property keys that the strictest vendor accepts. With any other key, Anthropic's Messages API refuses all tools of
 * a request.
 */
const key = /^[A-Za-z0-9_.-]{1,64}$/;

/** Whether a member can be an argument under its own name. */
export function isArgumentName(name: string): boolean {
  return key.test(name);
}

/**
 * Gives every argument of one tool a unique name. The first argument keeps its name. A later one with the same name
 * gets its place as a prefix: `body_name`, `query_id`.
 */
export class ArgumentNames {
  readonly #taken = new Set<string>();

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  take(wanted: string, place: string): string {
    const spelt = comparisonOf(wanted)?.name ?? wanted;
    const name = acceptedName.test(spelt) ? spelt : accepted(spelt, place);
    let free = this.#taken.has(name) ? `${place}_${name}` : name;
    for (let count = 2; this.#taken.has(free); count += 1)
      free = `${place}_${name.slice(0, longest)}_${count}`;
    this.#taken.add(free);
    return free;
  }
}

/** The comparison that a symbol at the end of a name stands for: `Sent<` means sent before. */
const comparisons: readonly (readonly [symbol: string, word: string, text: string])[] = [
  ['<=', 'until', 'Up to the given value, and that one.'],
  ['>=', 'from', 'From the given value on.'],
  ['!=', 'not', 'Other than the given value.'],
  ['<', 'before', 'Before, or below, the given value.'],
  ['>', 'after', 'After, or above, the given value.'],
  ['!', 'not', 'Other than the given value.'],
  ['~', 'like', 'Like the given value.'],
];

/**
 * Replaces a symbol at the end of a name by a word, and adds a sentence for its description. Otherwise names that
 * differ only in symbols would be numbered.
 */
export function comparisonOf(name: string): { readonly name: string; readonly text: string } | undefined {
  const found = comparisons.find(([symbol]) => name.endsWith(symbol) && name.length > symbol.length);
  if (found === undefined) return undefined;
  const [symbol, word, text] = found;
  return { name: `${name.slice(0, -symbol.length).trimEnd()}_${word}`, text };
}

/** `filter[status]` becomes `filter_status`. */
function accepted(wanted: string, place: string): string {
  const words = wanted
    .slice(0, longest)
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[A-Za-z_]/.test(words) ? words : `${place}_${words}`.replace(/_$/, '');
}
