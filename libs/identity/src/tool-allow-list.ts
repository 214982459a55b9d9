/** The tools that a key may use, by the patterns of the key. */
export class ToolAllowList {
  /** The patterns as the key has them. */
  readonly patterns: readonly string[];
  readonly #patterns: readonly { readonly toolkit: string | undefined; readonly slug: string }[];

  constructor(patterns: readonly string[]) {
    this.patterns = patterns;
    this.#patterns = patterns.map((pattern) => {
      const slash = pattern.indexOf('/');
      return slash < 0
        ? { toolkit: undefined, slug: pattern }
        : { toolkit: pattern.slice(0, slash), slug: pattern.slice(slash + 1) };
    });
  }

  /** A pattern with a toolkit matches no tool without one. */
  allows({ slug, toolkit }: { readonly slug: string; readonly toolkit?: string | undefined }): boolean {
    return this.#patterns.some(
      (pattern) =>
        (pattern.toolkit === undefined || (toolkit !== undefined && matches(pattern.toolkit, toolkit))) &&
        matches(pattern.slug, slug),
    );
  }
}

/**
 * Whether the text matches a pattern in which `*` stands for any characters. The greedy search only ever returns to the
 * last `*`, so its work is at most the product of both lengths.
 */
function matches(pattern: string, text: string): boolean {
  let [at, inText, star, retry] = [0, 0, -1, 0];
  while (inText < text.length) {
    if (pattern[at] === '*') {
      star = at;
      retry = inText;
      at += 1;
    } else if (pattern[at] === text[inText]) {
      at += 1;
      inText += 1;
    } else if (star >= 0) {
      retry += 1;
      inText = retry;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
