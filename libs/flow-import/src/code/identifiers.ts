import type { Variable } from '../model/expression.js';

const reserved = new Set(
  (
    'abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default delete ' +
    'do else enum eval export extends false finally for from function get if implements import in instanceof interface is let ' +
    'module namespace new null number object of package private protected public return run set static string super switch ' +
    'symbol this throw true try type typeof undefined unknown var void while with yield error Date Math JSON Object Array Number ' +
    'String Boolean Buffer Map Set Promise Error config index item'
  ).split(' '),
);

const words = (hint: string): string[] =>
  hint
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, 8);

/** A step name: words in lower case, joined by hyphens, 60 characters at most. */
export function stepWords(hint: string): string {
  const name = words(hint).join('-').toLowerCase().slice(0, 60).replace(/-+$/, '');
  return name === '' ? 'step' : name;
}

/** An id of a flow or a file: ASCII only. */
export function slugOf(hint: string, otherwise: string): string {
  const ascii = hint
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return ascii === '' ? otherwise : ascii;
}

/** Gives names that are free. The same requests in the same order give the same names. */
export class FreeNames {
  readonly #taken: Set<string>;
  readonly #join: string;
  readonly #next = new Map<string, number>();

  constructor(join: string, taken: Iterable<string> = []) {
    this.#join = join;
    this.#taken = new Set(taken);
  }

  take(wanted: string): string {
    let name = wanted;
    let count = this.#next.get(wanted) ?? 1;
    while (this.#taken.has(name)) name = `${wanted}${this.#join}${(count += 1)}`;
    this.#next.set(wanted, count);
    this.#taken.add(name);
    return name;
  }
}

/** Names of the variables of one file. */
export class VariableNames {
  readonly #free: FreeNames;
  readonly #names = new Map<Variable, string>();

  constructor(taken: Iterable<string>) {
    this.#free = new FreeNames('', [...reserved, ...taken]);
  }

  of(variable: Variable): string {
    const known = this.#names.get(variable);
    if (known !== undefined) return known;
    const [first = 'value', ...others] = words(variable.hint).map((word) => word.toLowerCase());
    const camel = first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
    const start = /^\p{ID_Start}/u.test(camel) ? camel : `step${camel}`;
    const name = this.#free.take(start.replaceAll(/[^\p{ID_Continue}]/gu, '').slice(0, 50));
    this.#names.set(variable, name);
    return name;
  }
}
