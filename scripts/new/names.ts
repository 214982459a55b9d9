/** One name in each of its spellings. */
export interface Name {
  /** `call-archive`: files, packages, services. */
  readonly kebab: string;
  /** `CallArchive`: types and events. */
  readonly pascal: string;
  /** `callArchive`: functions. */
  readonly camel: string;
  /** `Call archive`: headings. */
  readonly title: string;
}

/** Reads a kebab-case name. Throws {@link UsageError} for another spelling. */
export function readName(kebab: string): Name {
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(kebab))
    throw new UsageError(`"${kebab}" is not a name in kebab case, such as call-archive`);
  const words = kebab.split('-');
  const pascal = words.map(capitalized).join('');
  return {
    kebab,
    pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    title: capitalized(words.join(' ')),
  };
}

/** Reads a sentence for a README or a contract. Throws {@link UsageError} for anything else. */
export function readSentence(text: string): string {
  if (!/^[A-Z][^\n]{8,}\.$/.test(text))
    throw new UsageError(`"${text}" is not a sentence: begin with a capital letter and end with a full stop`);
  return text;
}

/** The command line asks for something impossible. The message explains the correct use. */
export class UsageError extends Error {}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
