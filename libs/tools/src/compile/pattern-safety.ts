/**
 * Finds regular expressions that take exponential time in their usual form: an unbounded repetition of a group that
 * may consist of one unbounded repetition, such as `(a+)+` or `(\w+\s?)*`.
 *
 * Such a group can divide a text into rounds in exponentially many ways, and a failing match tries them all. A group
 * with a mandatory part beside the repetition, `([a-z]+\.)+`, has one way and passes. The check is a bound and not a
 * proof, because it does not see overlapping alternatives.
 */
export function repeatsAmbiguously(pattern: string): boolean {
  return new PatternScanner(pattern).scan();
}

interface Alternative {
  /** Whether an atom repeats without bound. */
  unbounded: boolean;
  /** Whether an atom must appear and does not repeat without bound. Such an atom separates the rounds. */
  separated: boolean;
}

interface Quantifier {
  readonly optional: boolean;
  readonly unbounded: boolean;
}

const once: Quantifier = { optional: false, unbounded: false };
const braces = /^\{(\d+)(,(\d*))?\}/;
const groupOpening = /^\((?:\?(?:<?[=!]|:|<[^>]*>|[a-z-]*:))?/;
/** From this number of rounds on, a bounded repetition counts as unbounded. */
const many = 20;

/** Scans once, one character at a time, with a stack of the open groups. */
class PatternScanner {
  readonly #pattern: string;
  #position = 0;
  #ambiguous = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  scan(): boolean {
    const open: Alternative[][] = [];
    let current: Alternative[] = [newAlternative()];
    while (this.#position < this.#pattern.length) {
      const character = this.#pattern[this.#position];
      if (character === '(') {
        this.#position += groupOpening.exec(this.#rest)?.[0].length ?? 1;
        open.push(current);
        current = [newAlternative()];
      } else if (character === ')') {
        this.#position += 1;
        const closed = current;
        current = open.pop() ?? [newAlternative()];
        this.#closeGroup(closed, current);
      } else if (character === '|') {
        this.#position += 1;
        current.push(newAlternative());
      } else if (character === '^' || character === '$') {
        this.#position += 1;
      } else {
        this.#skipAtom(character);
        record(current, this.#quantifier());
      }
    }
    return this.#ambiguous;
  }

  get #rest(): string {
    return this.#pattern.slice(this.#position);
  }

  #closeGroup(closed: readonly Alternative[], parent: Alternative[]): void {
    const quantifier = this.#quantifier();
    const isOnlyRepetition = closed.some(({ unbounded, separated }) => unbounded && !separated);
    if (quantifier.unbounded && isOnlyRepetition) this.#ambiguous = true;
    record(parent, {
      optional: quantifier.optional,
      unbounded: quantifier.unbounded || isOnlyRepetition,
    });
  }

  #skipAtom(character: string | undefined): void {
    if (character === '\\') {
      this.#position += /^\\(?:[pPu]\{[^}]*\}|k<[^>]*>|.)/s.exec(this.#rest)?.[0].length ?? 1;
    } else if (character === '[') {
      this.#position += /^\[(?:\\.|[^\]\\])*\]/s.exec(this.#rest)?.[0].length ?? 1;
    } else {
      this.#position += 1;
    }
  }

  #quantifier(): Quantifier {
    const [text, quantifier] = this.#readQuantifier();
    this.#position += text.length;
    if (text !== '' && this.#pattern[this.#position] === '?') this.#position += 1;
    return quantifier;
  }

  #readQuantifier(): readonly [text: string, quantifier: Quantifier] {
    switch (this.#pattern[this.#position]) {
      case '*':
        return ['*', { optional: true, unbounded: true }];
      case '+':
        return ['+', { optional: false, unbounded: true }];
      case '?':
        return ['?', { optional: true, unbounded: false }];
      case '{':
        return bracedQuantifier(this.#rest);
      default:
        return ['', once];
    }
  }
}

function bracedQuantifier(rest: string): readonly [text: string, quantifier: Quantifier] {
  const match = braces.exec(rest);
  if (match === null) return ['', once];
  const [text, least, range, most] = match;
  const highest = range === undefined ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most);
  return [text, { optional: Number(least) === 0, unbounded: highest >= many && highest > Number(least) }];
}

function newAlternative(): Alternative {
  return { unbounded: false, separated: false };
}

function record(alternatives: readonly Alternative[], { optional, unbounded }: Quantifier): void {
  const alternative = alternatives.at(-1);
  if (alternative === undefined) return;
  if (unbounded) alternative.unbounded = true;
  else if (!optional) alternative.separated = true;
}
