/**
 * Reads an HTTP header field from left to right (RFC 9110, section 5.6). It reads every character once, so the cost
 * grows linearly with the field, even for a hostile sender.
 */
export class FieldScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Moves past spaces and tabs. */
  skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
  }

  /** Moves past `character`. Returns false when another character comes next. */
  take(character: string): boolean {
    if (!this.isAt(character)) return false;
    this.#at += 1;
    return true;
  }

  /** The longest run of characters that `accepts` takes. Empty when the next character does not fit. */
  takeWhile(accepts: (code: number) => boolean): string {
    const start = this.#at;
    while (this.#at < this.#text.length && accepts(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  /** Whether `character` comes next. */
  isAt(character: string): boolean {
    return this.#text[this.#at] === character;
  }

  /**
   * A quoted string without its quotes and escapes. Undefined when no string begins here or the string has no end. Also
   * undefined when a backslash escapes anything but a quote or a backslash (RFC 9651, section 3.3.3).
   */
  takeQuoted(): string | undefined {
    if (!this.take('"')) return undefined;
    const parts: string[] = [];
    for (;;) {
      parts.push(this.takeWhile((code) => code !== quote && code !== backslash));
      if (this.take('"')) return parts.join('');
      if (!this.take('\\')) return undefined;
      const escaped = this.take('"') ? '"' : this.take('\\') ? '\\' : undefined;
      if (escaped === undefined) return undefined;
      parts.push(escaped);
    }
  }
}

const quote = 0x22;
const backslash = 0x5c;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Visible ASCII: no space, no control character. */
export function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** A character of a token (RFC 9110, section 5.6.2). */
export function isTokenCharacter(code: number): boolean {
  return isVisible(code) && !'"(),/:;<=>?@[\\]{}'.includes(String.fromCharCode(code));
}
