/**
 * Reads a list such as `key=value,other=a%20b`, the form of `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_RESOURCE_ATTRIBUTES`.
 * Undefined when it is malformed.
 */
export function readPairs(text: string): Readonly<Record<string, string>> | undefined {
  const pairs: Record<string, string> = {};
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(at, 0)).trim();
    if (name === '') return undefined;
    const value = decoded(part.slice(at + 1).trim());
    if (value === undefined) return undefined;
    pairs[name] = value;
  }
  return pairs;
}

/** Whether the pairs can be headers. */
export function areHeaders(pairs: Readonly<Record<string, string>>): boolean {
  return Object.entries(pairs).every(
    ([name, value]) =>
      /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/.test(name) && /^[\x20-\x7e]{0,4000}$/.test(value),
  );
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
