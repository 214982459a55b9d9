/** HTML that is safe to send. Only the tag `markup` makes it. */
export class SafeHtml {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** For texts of this program alone. */
  static ofOwn(text: string): SafeHtml {
    return new SafeHtml(text);
  }

  toString(): string {
    return this.text;
  }
}

type Part = SafeHtml | string | number | false | undefined | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that change the direction of a text or stand invisible in it. A name with them could pose as another. */
const disguises = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * A template of HTML. Each value in it is escaped, in text and in quoted attributes. Lists are joined, and undefined is
 * nothing.
 */
export function markup(strings: TemplateStringsArray, ...values: readonly Part[]): SafeHtml {
  return SafeHtml.ofOwn(
    strings.map((text, index) => text + (index < values.length ? partText(values[index]) : '')).join(''),
  );
}

function partText(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof SafeHtml) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(partText).join('');
}

function escaped(text: string): string {
  return text.replace(disguises, '\ufffd').replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
