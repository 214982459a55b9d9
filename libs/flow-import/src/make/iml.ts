import { UntranslatableError } from '../read/flow-import.errors.js';

/** The tree of an IML expression: the text language inside the braces of Make. */
export type Iml =
  | { readonly kind: 'literal'; readonly value: string | number }
  /** A path such as `1.items[].name`. A bracket without a number is undefined. */
  | { readonly kind: 'path'; readonly parts: readonly (string | { readonly index: number | undefined })[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Iml[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Iml; readonly right: Iml };

const token =
  /\s*(?:(\d+(?:\.\d+)?(?![\w.`]))|"((?:[^"\\]|\\.)*)"|`([^`]*)`|([\p{L}_$][\p{L}\p{N}_$]*|\d+)|(!=|>=|<=|[-+*/%=<>&|();.[\]]))/uy;

type Token =
  | { readonly kind: 'number' | 'text' | 'quoted' | 'word'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: string };

const levels: readonly (readonly string[])[] = [
  ['|'],
  ['&'],
  ['=', '!=', '>', '<', '>=', '<='],
  ['+', '-'],
  ['*', '/', '%'],
];
const mostTokens = 2_000;
const deepest = 60;

/** Parses one IML expression. Throws `UntranslatableError`. */
export function parseIml(source: string): Iml {
  const parser = new ImlParser(tokensOf(source));
  return parser.whole();
}

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  const end = source.trimEnd().length;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const match = token.exec(source);
    if (match === null) throw new UntranslatableError(`an expression of Make with an unknown sign at ${at}`);
    if (tokens.length >= mostTokens) throw new UntranslatableError('an expression of Make that is too long');
    const [, number, text, quoted, word, mark] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (text !== undefined) tokens.push({ kind: 'text', text: text.replaceAll(/\\(.)/g, '$1') });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'mark', text: mark ?? '' });
  }
  return tokens;
}

class ImlParser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Iml {
    const found = this.#level(0);
    if (this.#at < this.#tokens.length)
      throw new UntranslatableError('an expression of Make with text behind its end');
    return found;
  }

  #level(level: number): Iml {
    const operators = levels[level];
    if (operators === undefined) return this.#primary();
    let left = this.#level(level + 1);
    for (
      let next = this.#peek();
      next?.kind === 'mark' && operators.includes(next.text);
      next = this.#peek()
    ) {
      this.#at += 1;
      left = { kind: 'binary', operator: next.text, left, right: this.#level(level + 1) };
    }
    return left;
  }

  #primary(): Iml {
    if ((this.#depth += 1) > deepest)
      throw new UntranslatableError('an expression of Make that is nested too deep');
    try {
      return this.#value();
    } finally {
      this.#depth -= 1;
    }
  }

  #value(): Iml {
    const next = this.#take();
    if (next.kind === 'text') return { kind: 'literal', value: next.text };
    if (next.kind === 'mark' && next.text === '-') {
      const of = this.#primary();
      if (of.kind === 'literal' && typeof of.value === 'number') return { kind: 'literal', value: -of.value };
      return { kind: 'binary', operator: '-', left: { kind: 'literal', value: 0 }, right: of };
    }
    if (next.kind === 'mark' && next.text === '(') {
      const inner = this.#level(0);
      this.#expect(')');
      return inner;
    }
    if (next.kind === 'mark')
      throw new UntranslatableError(`an expression of Make with ${next.text} in the place of a value`);
    if (next.kind === 'word' && this.#isMark('(')) return this.#call(next.text);
    const isNumber = next.kind === 'number' || (next.kind === 'word' && /^\d+$/.test(next.text));
    if (isNumber && !this.#isMark('.') && !this.#isMark('['))
      return { kind: 'literal', value: Number(next.text) };
    return this.#path(next.text);
  }

  #call(name: string): Iml {
    this.#expect('(');
    const args: Iml[] = [];
    while (!this.#isMark(')')) {
      args.push(this.#isMark(';') ? { kind: 'literal', value: '' } : this.#level(0));
      if (this.#isMark(';')) this.#at += 1;
      else break;
    }
    this.#expect(')');
    return { kind: 'call', name, args };
  }

  #path(first: string): Iml {
    const parts: (string | { index: number | undefined })[] = [first];
    for (;;) {
      if (this.#isMark('.')) {
        this.#at += 1;
        const next = this.#take();
        if (next.kind === 'mark') throw new UntranslatableError('a path of Make that ends in a dot');
        parts.push(next.text);
      } else if (this.#isMark('[')) {
        this.#at += 1;
        const next = this.#isMark(']') ? undefined : this.#take();
        if (next !== undefined && !/^\d+$/.test(next.text))
          throw new UntranslatableError('a computed index of Make');
        this.#expect(']');
        parts.push({ index: next === undefined ? undefined : Number(next.text) });
      } else return { kind: 'path', parts };
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #isMark(text: string): boolean {
    const next = this.#peek();
    return next?.kind === 'mark' && next.text === text;
  }

  #take(): Token {
    const next = this.#peek();
    if (next === undefined) throw new UntranslatableError('an expression of Make that ends too early');
    this.#at += 1;
    return next;
  }

  #expect(text: string): void {
    if (!this.#isMark(text)) throw new UntranslatableError(`an expression of Make without ${text}`);
    this.#at += 1;
  }
}
