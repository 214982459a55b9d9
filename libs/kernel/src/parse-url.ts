/**
 * The URL, or `undefined` where the text is none. Not by `URL.canParse`: once Node 20 has optimized a call of it, it takes
 * every text that goes beyond ASCII for unparsable.
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
