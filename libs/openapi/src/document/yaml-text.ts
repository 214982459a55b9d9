import { isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';

import { mergeKeys } from './merge-keys.js';

/** The most uses of one anchor. Further uses are refused, for any content. */
const mostAliases = 100;

/**
 * An upper bound on the nodes of a YAML text, from the characters that begin a node. It runs before the text is parsed.
 */
export function countYamlNodes(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x2c || code === 0x5b || code === 0x7b) count += 1;
  }
  return count;
}

/**
 * Reads YAML 1.2 with the types of JSON, and the merge keys of 1.1. Throws an `Error` with the problem and its place:
 * broken text, a repeated name in an object, aliases that unfold too often, or nesting beyond the stack.
 */
export function parseYamlText(text: string): unknown {
  const lines = new LineCounter();
  // The reader's own check for repeated names takes quadratic time.
  const document = parseDocument(text, {
    uniqueKeys: false,
    merge: false,
    logLevel: 'silent',
    prettyErrors: false,
    lineCounter: lines,
  });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return ` (line ${line}, column ${col})`;
  };
  const [error] = document.errors;
  if (error !== undefined) throw new Error(error.message + place(error.pos[0]));
  visit(document, {
    Map: (_, map) => {
      const names = new Set<string>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? String(key.value) : undefined;
        if (name !== undefined && names.has(name)) {
          const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
          throw new Error(`an object has two members of the same name${place(offset)}`);
        }
        if (name !== undefined) names.add(name);
        else if (isMap(key)) throw new Error('a name in an object is an object');
      }
    },
  });
  const value: unknown = document.toJS({ maxAliasCount: mostAliases });
  mergeKeys(value);
  return value;
}
