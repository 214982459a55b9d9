/**
 * Finds the prose of a file and counts its relative and indefinite words. A sentence that depends on such a word ("what
 * leaves later …") is hard to read for engineers with another first language.
 */

/** Words that replace a noun. */
const vagueWords = /\b(?:what|who|whoever|whose|whatever|nobody|somebody|of which|that of|so that)\b/gi;
const words = /[A-Za-z][A-Za-z'-]*/g;

const comments = (text: string): string[] => [
  ...(text.match(/\/\*\*[\s\S]*?\*\//g) ?? []),
  ...(text.match(/^\s*\/\/.*$/gm) ?? []),
];
const sqlComments = (text: string): string[] => text.match(/--.*$/gm) ?? [];
const withoutFences = (text: string): string[] => [text.replace(/^```[\s\S]*?^```/gm, '')];
const testNames = (text: string): string[] =>
  [...text.matchAll(/\b(?:it|test|describe)(?:\.each\([^)]*\))?\(\s*(['"`])(.*?)\1/g)].map(
    ([, , name = '']) => name,
  );

interface Kind {
  readonly kind: string;
  readonly holds: (file: string) => boolean;
  readonly passages: (text: string) => string[];
}

/** The prose of one kind in a file. */
export interface Prose {
  readonly kind: string;
  readonly words: number;
  readonly vague: number;
  /** The lines with such a word. */
  readonly lines: readonly string[];
}

/** The kinds of prose, each with the files that hold it and the passages of one of them. */
const kinds: readonly Kind[] = [
  { kind: 'comments', holds: (file) => /\.(ts|mjs)$/.test(file), passages: comments },
  { kind: 'comments', holds: (file) => file.endsWith('.sql'), passages: sqlComments },
  { kind: 'documents', holds: (file) => file.endsWith('.md'), passages: withoutFences },
  { kind: 'test names', holds: (file) => file.endsWith('.test.ts'), passages: testNames },
];

/** The prose of one file, by kind. Code between backticks counts as no prose. */
export function proseOf(file: string, text: string): Prose[] {
  return kinds
    .filter(({ holds }) => holds(file))
    .map(({ kind, passages }) => {
      const prose = passages(text)
        .join('\n')
        .replace(/`[^`\n]*`/g, '');
      return {
        kind,
        words: prose.match(words)?.length ?? 0,
        vague: prose.match(vagueWords)?.length ?? 0,
        lines: prose.split('\n').filter((line) => line.search(vagueWords) >= 0),
      };
    });
}
