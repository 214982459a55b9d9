/** The most characters of a text that are read, from its beginning. */
export const longestLook = 500;

/** Words in lower case, joined by underscores. Empty if a text has no ASCII words. */
export function snakeCase(text: string): string {
  return text
    .slice(0, longestLook)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}
