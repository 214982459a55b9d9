/**
 * A piece of a path segment: fixed text, already in URL form, or the name of the path parameter that goes
 * there.
 */
export type PathPart = { readonly text: string } | { readonly placeholder: string };

/** The path's segments in order; `/crm/contacts/{email}` has three. */
export type PathTemplate = readonly (readonly PathPart[])[];

export type PathTemplateResult =
  | { readonly ok: true; readonly template: PathTemplate }
  | { readonly ok: false; readonly message: string };

/** Characters that are no RFC 3986 `pchar`. Only a `pchar` has no other meaning in a segment. */
const strayCharacter = /[^A-Za-z0-9\-._~!$&'()*+,;=:@%]|%(?![0-9A-Fa-f]{2})/u;
const placeholder = /\{([^{}]*)\}/g;
/** Escapes that some servers decode before they resolve a path. */
const escapedStructure = /%(?:2e|2f|5c|00)/i;

/** Reads `/a/{b}/c{d}.json`. Refuses everything that could change the meaning of the finished path. */
export function parsePathTemplate(path: string): PathTemplateResult {
  if (!path.startsWith('/')) return refuse('must start with "/"');
  const names = new Set<string>();
  const template: PathPart[][] = [];
  const segments = path.slice(1).split('/');
  for (const [index, segment] of segments.entries()) {
    if (segment === '' && index < segments.length - 1) return refuse('must not hold an empty segment');
    if (segment === '.' || segment === '..') return refuse('must not hold a "." or ".." segment');
    const parts: PathPart[] = [];
    let end = 0;
    for (const match of segment.matchAll(placeholder)) {
      const name = match[1] ?? '';
      if (name === '') return refuse('must name every placeholder');
      if (names.has(name)) return refuse(`must not use the placeholder {${name}} twice`);
      names.add(name);
      if (match.index > end) parts.push({ text: segment.slice(end, match.index) });
      parts.push({ placeholder: name });
      end = match.index + match[0].length;
    }
    if (end < segment.length || segment === '') parts.push({ text: segment.slice(end) });
    for (const part of parts) {
      if (!('text' in part)) continue;
      if (/[{}]/.test(part.text)) return refuse('must close every brace');
      const stray = strayCharacter.exec(part.text)?.[0];
      if (stray !== undefined) {
        const reason = /[?#]/.test(stray)
          ? ': a path has no query and no fragment'
          : ', which is no character of a URL path';
        return refuse(`must not hold ${JSON.stringify(stray)}${reason}`);
      }
      if (escapedStructure.test(part.text)) return refuse('must not hold an escaped dot, slash or NUL');
    }
    template.push(parts);
  }
  return { ok: true, template };
}

/** The names between braces, in order. */
export function placeholders(template: PathTemplate): string[] {
  return template.flat().flatMap((part) => ('placeholder' in part ? [part.placeholder] : []));
}

/** The reason that a path cannot be in a request, or `undefined` if it can. */
export function pathProblem(path: string): string | undefined {
  const parsed = parsePathTemplate(path);
  return parsed.ok ? undefined : parsed.message;
}

function refuse(message: string): PathTemplateResult {
  return { ok: false, message };
}
