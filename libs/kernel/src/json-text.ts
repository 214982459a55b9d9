/**
 * The exact text of one JSON value. It carries results from the provider to every reader, because a JavaScript number
 * would round large ids. `JSON.stringify` writes it as a string with the text, so an internal reader gets the text
 * back. `writeJson` writes it as the value itself.
 */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** The JSON of a value that may hold `JsonText`. Each such text appears unchanged. The caller bounds depth and size. */
export function writeJson(value: unknown): string {
  return textOf(value) ?? 'null';
}

function textOf(value: unknown): string | undefined {
  if (value instanceof JsonText) return value.text;
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => textOf(item) ?? 'null').join(',')}]`;
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const text = textOf(member);
    if (text !== undefined) members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}
