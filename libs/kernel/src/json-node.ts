import { IJsonError } from './i-json.errors.js';
import { skipWhitespace } from './json-at.js';

/** The greatest depth of a text. Reading is recursive. */
const deepest = 512;

/** One value within a JSON text, by its place. No part of the text is converted, so each digit survives. */
export interface JsonNode {
  readonly kind: 'object' | 'array' | 'string' | 'other';
  readonly start: number;
  readonly end: number;
  /** The size in UTF-8 without the whitespace between its parts. */
  readonly bytes: number;
  /** The name of a member as the text has it, with its quotation marks. Empty for an item and for the whole text. */
  readonly name: string;
  readonly nameBytes: number;
  /** The members or items. Empty for a text, a number and a literal. */
  readonly children: readonly JsonNode[];
}

/**
 * The values of a JSON text as a tree. Takes one pass. The caller knows that the text is JSON: a wrong scalar passes.
 * Throws `IJsonError` when brackets, strings or separators are wrong, or when the text is deeper than 512.
 */
export function readJsonNode(text: string): JsonNode {
  const reader = new NodeReader(text);
  return reader.read();
}

/** An object or array with other children. */
export function withChildren(node: JsonNode, children: readonly JsonNode[]): JsonNode {
  return { ...node, children, bytes: sizeOf(children) };
}

/** The text of a value without the whitespace between its parts. `text` is the text that the value was read from. */
export function compactJson(text: string, node: JsonNode): string {
  if (node.kind === 'object') {
    return `{${node.children.map((child) => `${child.name}:${compactJson(text, child)}`).join(',')}}`;
  }
  if (node.kind === 'array') return `[${node.children.map((child) => compactJson(text, child)).join(',')}]`;
  return text.slice(node.start, node.end);
}

/** The name of a member without quotation marks and escapes. */
export function memberName({ name }: Pick<JsonNode, 'name'>): string {
  return name.includes('\\') ? (JSON.parse(name) as string) : name.slice(1, -1);
}

/** Two brackets, a comma between two children, and a colon after each name. */
function sizeOf(children: readonly JsonNode[]): number {
  let bytes = 2 + Math.max(children.length - 1, 0);
  for (const child of children) bytes += child.bytes + (child.name === '' ? 0 : child.nameBytes + 1);
  return bytes;
}

class NodeReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonNode {
    this.#skip();
    const node = this.#value('', 0);
    this.#skip();
    if (this.#at < this.#text.length) throw this.#fault();
    return node;
  }

  #value(name: string, nameBytes: number): JsonNode {
    const start = this.#at;
    const unit = this.#text[start];
    if (unit === '{' || unit === '[') {
      const children = this.#children(unit === '{' ? '}' : ']');
      const kind = unit === '{' ? 'object' : 'array';
      return { kind, start, end: this.#at, bytes: sizeOf(children), name, nameBytes, children };
    }
    const kind = unit === '"' ? 'string' : 'other';
    const bytes = kind === 'string' ? this.#skipString() : this.#skipScalar();
    return { kind, start, end: this.#at, bytes, name, nameBytes, children: none };
  }

  #children(closing: '}' | ']'): readonly JsonNode[] {
    this.#depth += 1;
    if (this.#depth > deepest) throw new IJsonError('IJSON_TOO_DEEP', '', this.#at);
    this.#at += 1;
    this.#skip();
    const children: JsonNode[] = [];
    while (this.#text[this.#at] !== closing) {
      if (children.length > 0) this.#take(',');
      children.push(closing === '}' ? this.#member() : this.#value('', 0));
      this.#skip();
    }
    this.#at += 1;
    this.#depth -= 1;
    return children;
  }

  #member(): JsonNode {
    const start = this.#at;
    if (this.#text[start] !== '"') throw this.#fault();
    const bytes = this.#skipString();
    const name = this.#text.slice(start, this.#at);
    this.#skip();
    this.#take(':');
    return this.#value(name, bytes);
  }

  #take(separator: string): void {
    if (this.#text[this.#at] !== separator) throw this.#fault();
    this.#at += 1;
    this.#skip();
  }

  #skip(): void {
    this.#at = skipWhitespace(this.#text, this.#at);
  }

  /** Moves past a string. Returns its size in UTF-8. */
  #skipString(): number {
    const text = this.#text;
    let more = 0;
    for (let at = this.#at + 1; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === backslash) at += 1;
      else if (code === quote) {
        const units = at + 1 - this.#at;
        this.#at = at + 1;
        return units + more;
      } else if (code >= 0x80) more += bytesBeyondOne(code);
    }
    throw new IJsonError('IJSON_SYNTAX', '', text.length);
  }

  #skipScalar(): number {
    const start = this.#at;
    while (this.#at < this.#text.length && !ends.has(this.#text.charCodeAt(this.#at))) this.#at += 1;
    if (this.#at === start) throw this.#fault();
    return this.#at - start;
  }

  #fault(): IJsonError {
    return new IJsonError('IJSON_SYNTAX', '', this.#at);
  }
}

const none: readonly JsonNode[] = [];
const quote = 0x22;
const backslash = 0x5c;
const ends: ReadonlySet<number> = new Set(Array.from(',:]} \t\r\n"[{', (unit) => unit.charCodeAt(0)));

/** UTF-8 bytes of a code unit from U+0080 on, less one. Both halves of a surrogate pair have two. */
function bytesBeyondOne(code: number): number {
  return code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
}
