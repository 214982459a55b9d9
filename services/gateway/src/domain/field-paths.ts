/** A step from a value to the values within it. */
interface PathNode {
  readonly names: Map<string, PathNode>;
  readonly indexes: Map<number, PathNode>;
  every?: PathNode;
  /** The paths that end here, by their number. */
  readonly ends: number[];
}

/** The paths of `fields`, joined where they begin alike. */
export interface FieldPaths {
  /** The text of each path, as the caller wrote it. */
  readonly texts: readonly string[];
  readonly root: Readonly<PathNode>;
}

const fieldPathBounds = { characters: 2_000, paths: 50, steps: 32 } as const;

const nameFirst = /[A-Za-z_\u0080-\uffff]/;
const nameRest = /[A-Za-z0-9_\u0080-\uffff]/;
const digit = /[0-9]/;

/**
 * Reads paths separated by commas: `$.items[*].id, $.total`. A path is JSONPath (RFC 9535) with these steps only: `.name`,
 * `['any name']`, `[0]`, `.*` and `[*]`. `$.` at the start can be left out. Takes linear time. Throws `SyntaxError`.
 */
export function readFieldPaths(text: string): FieldPaths {
  if (text.length > fieldPathBounds.characters) {
    throw new SyntaxError(`must have at most ${fieldPathBounds.characters} characters`);
  }
  return new PathReader(text).read();
}

class PathReader {
  readonly #text: string;
  readonly #root = newNode();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): FieldPaths {
    const texts: string[] = [];
    do {
      if (texts.length === fieldPathBounds.paths) {
        throw new SyntaxError(`must have at most ${fieldPathBounds.paths} paths`);
      }
      this.#skipSpace();
      const start = this.#at;
      this.#path().ends.push(texts.length);
      texts.push(this.#text.slice(start, this.#at));
      this.#skipSpace();
    } while (this.#take(','));
    if (this.#at < this.#text.length) throw this.#fault('"," or a step such as .name, ["name"], [0] or [*]');
    return { texts, root: this.#root };
  }

  #path(): PathNode {
    let node = this.#root;
    if (!this.#take('$')) node = this.#name(node);
    for (let steps = 0; ; steps += 1) {
      if (steps === fieldPathBounds.steps) {
        throw new SyntaxError(`must have at most ${fieldPathBounds.steps} steps in a path`);
      }
      if (this.#take('.')) node = this.#take('*') ? everyOf(node) : this.#name(node);
      else if (this.#take('[')) {
        node = this.#bracket(node);
        if (!this.#take(']')) throw this.#fault('"]"');
      } else return node;
    }
  }

  #name(node: PathNode): PathNode {
    const start = this.#at;
    if (!nameFirst.test(this.#text.charAt(start))) throw this.#fault('a name, or ["name"] for other names');
    this.#at += 1;
    while (nameRest.test(this.#text.charAt(this.#at))) this.#at += 1;
    return childOf(node.names, this.#text.slice(start, this.#at));
  }

  #bracket(node: PathNode): PathNode {
    const unit = this.#text.charAt(this.#at);
    if (this.#take('*')) return everyOf(node);
    if (unit === '"' || unit === "'") return childOf(node.names, this.#quoted(unit));
    const start = this.#at;
    while (digit.test(this.#text.charAt(this.#at))) this.#at += 1;
    const digits = this.#text.slice(start, this.#at);
    if (digits === '' || digits.length > 9 || (digits.length > 1 && digits.startsWith('0'))) {
      this.#at = start;
      throw this.#fault('a quoted name, the number of an item from 0 on, or *');
    }
    return childOf(node.indexes, Number(digits));
  }

  /** A name in quotation marks, with the escapes of JSON. */
  #quoted(mark: string): string {
    const start = this.#at;
    let json = '';
    for (this.#at += 1; this.#text.charAt(this.#at) !== mark; this.#at += 1) {
      const unit = this.#text.charAt(this.#at);
      if (unit === '') throw this.#fault(`the end of the name, ${mark}`);
      if (unit === '\\') {
        this.#at += 1;
        const escaped = this.#text.charAt(this.#at);
        json += escaped === "'" ? "'" : `\\${escaped}`;
      } else json += unit === '"' ? '\\"' : unit;
    }
    this.#at += 1;
    try {
      return JSON.parse(`"${json}"`) as string;
    } catch {
      this.#at = start;
      throw this.#fault('a quoted name with the escapes of JSON');
    }
  }

  #take(unit: string): boolean {
    if (this.#text.charAt(this.#at) !== unit) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    while (this.#take(' '));
  }

  #fault(expected: string): SyntaxError {
    return new SyntaxError(`must have ${expected} at character ${this.#at + 1}`);
  }
}

function newNode(): PathNode {
  return { names: new Map(), indexes: new Map(), ends: [] };
}

function everyOf(node: PathNode): PathNode {
  node.every ??= newNode();
  return node.every;
}

function childOf<Key>(children: Map<Key, PathNode>, key: Key): PathNode {
  const found = children.get(key) ?? newNode();
  children.set(key, found);
  return found;
}
