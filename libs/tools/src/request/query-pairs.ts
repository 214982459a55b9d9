import type { Tool } from '@action-mesh/contracts/catalog';

import { ToolRequestError } from '../tools.errors.js';
import { encodeComponent, scalarText } from './argument-text.js';
import { formPairs } from './body.js';

type Parameter = Tool['http']['parameters'][number];

/** The delimiters between the items of a list, before encoding. */
const delimiters = {
  comma: { encoded: ',', plain: undefined },
  space: { encoded: '%20', plain: ' ' },
  pipe: { encoded: '%7C', plain: '|' },
} as const;

/**
 * Writes one query parameter as pairs, in OpenAPI's styles. Without a style a list repeats the pair (`form` with
 * `explode`). An empty list gives none.
 *
 * OpenAPI does not define lists in a `deepObject`. A list that is the parameter itself is written in brackets,
 * `expand[]=a`, as vendors document it, and its objects are numbered, `items[0][price]=p`. Within an object all items
 * are numbered. Some APIs take a single value in place of an object (`created[gt]=1` or `created=1`); such a value is
 * a plain pair.
 */
export function queryPairs({ argument, name, style }: Parameter, value: unknown): string[] {
  if (style === 'deep_object') {
    if (value === null) throw new ToolRequestError('TOOL_ARGUMENT_SHAPE', argument);
    return Array.isArray(value)
      ? formPairs(argument, value, name, { empty: 'none' }, 1)
      : formPairs(argument, value, name, { lists: 'indexed', empty: 'none' });
  }
  const key = encodeURIComponent(name);
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = items.map((item) => scalarText(argument, item));
  if (style === undefined || !Array.isArray(value)) {
    return texts.map((text) => `${key}=${encodeComponent(argument, text)}`);
  }
  if (texts.length === 0) return [];
  const { encoded, plain } = delimiters[style];
  // Readers distinguish an encoded comma from a delimiter. They do not distinguish an encoded space or pipe, which
  // would split the item.
  if (plain !== undefined && texts.some((text) => text.includes(plain))) {
    throw new ToolRequestError('TOOL_LIST_DELIMITER', argument);
  }
  return [`${key}=${texts.map((text) => encodeComponent(argument, text)).join(encoded)}`];
}
