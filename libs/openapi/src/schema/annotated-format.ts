import { fitsFormat } from '@action-mesh/tools/compile';

import type { Conversion } from './definition.js';

const longestDescription = 1_000;
/** Formats with names that tell a model how to write a text. */
const telling: ReadonlySet<unknown> = new Set([
  'date',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'iso-date-time',
  'iso-time',
  'json-pointer',
  'time',
  'uri',
  'uri-reference',
  'uri-template',
  'url',
  'uuid',
]);

/**
 * Decides in place whether a format is checked. It is checked if the document has examples and they all have the
 * format. Otherwise the provider may accept more values, so the format's name only goes into the description.
 */
export function settleFormat(
  schema: Record<string, unknown>,
  examples: readonly unknown[],
  into: Conversion,
): void {
  const { format } = schema;
  if (typeof format !== 'string') return;
  if (telling.has(format) && examples.length > 0 && examples.every((value) => fitsFormat(format, value)))
    return;
  delete schema['format'];
  into.losses += 1;
  const hint = format === 'byte' ? 'base64' : telling.has(format) ? format : undefined;
  const { description, enum: listed, const: constant } = schema;
  const text = typeof description === 'string' ? description : '';
  if (hint === undefined || listed !== undefined || constant !== undefined) return;
  if (text.length + hint.length + 12 > longestDescription) return;
  schema['description'] = `${text}${text === '' ? '' : ' '}(format: ${hint})`;
}
