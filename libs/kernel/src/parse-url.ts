/**
 * The URL, or `undefined` when the text is not a URL. It avoids `URL.canParse`: once Node 20 has optimized a call of
 * it, it refuses every text with a character beyond ASCII.
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
