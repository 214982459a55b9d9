const variable = /\{([a-z][a-z0-9_-]{0,62})\}/g;

/** The names in braces in a text, each once. Braces around anything but a name are text. */
export function templateVariables(text: string): readonly string[] {
  return [...new Set([...text.matchAll(variable)].map(([, name = '']) => name))];
}

/** Replaces each name in braces. A replacement is not read again, so it may hold braces itself. */
export function fill(text: string, valueOf: (name: string) => string): string {
  return text.replaceAll(variable, (_, name: string) => valueOf(name));
}
