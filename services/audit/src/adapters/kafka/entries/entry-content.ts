import { createHash } from 'node:crypto';

import { redactJson } from '@action-mesh/platform';

/** A longer member is replaced by its size and digest, in characters. */
const longestMember = 32_768;

/** A longer member is not searched for secrets, because its text is not kept anyway. */
const longestSearched = 8 * longestMember;

/** Personal data of an entry as JSON text, without secrets. Undefined members are left out. */
export function entryContent(
  members: Readonly<Record<string, unknown>>,
  /** Members in exact JSON text, whose digits no parser may touch. */
  exact: Readonly<Record<string, string | undefined>> = {},
): string | undefined {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) parts.push(part(name, JSON.stringify(value)));
  }
  for (const [name, text] of Object.entries(exact)) {
    if (text !== undefined) parts.push(part(name, text));
  }
  return parts.length === 0 ? undefined : `{${parts.join(',')}}`;
}

function part(name: string, text: string): string {
  const kept = text.length > longestSearched ? undefined : redactJson(text);
  if (kept !== undefined && kept.length <= longestMember) return `"${name}":${kept}`;
  const omitted = kept ?? text;
  const digest = createHash('sha256').update(omitted).digest('hex');
  return `"${name}_omitted":{"characters":${omitted.length},"sha256":"${digest}"}`;
}
