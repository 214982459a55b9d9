import { createHash } from 'node:crypto';

import { compactJson, readJsonNode } from '@action-mesh/kernel';
import { redactLine, redactMembers } from '@action-mesh/platform';

/** A longer member is replaced by its size and digest, in characters. */
const longestMember = 32_768;

/** Personal data of an entry as JSON text, without secrets. Undefined members are left out. */
export function entryContent(
  members: Readonly<Record<string, unknown>>,
  /** Members in exact JSON text, whose digits no parser may touch. */
  exact: Readonly<Record<string, string | undefined>> = {},
): string | undefined {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined)
      parts.push(part(name, JSON.stringify(redactMembers({ [name]: value })).slice(name.length + 4, -1)));
  }
  for (const [name, text] of Object.entries(exact)) {
    if (text !== undefined) parts.push(part(name, withoutSpace(text)));
  }
  return parts.length === 0 ? undefined : `{${parts.join(',')}}`;
}

function part(name: string, text: string): string {
  if (text.length <= longestMember) return `"${name}":${redactLine(text)}`;
  const digest = createHash('sha256').update(text).digest('hex');
  return `"${name}_omitted":{"characters":${text.length},"sha256":"${digest}"}`;
}

/** The filter of secrets recognizes members by `"name":"`. */
function withoutSpace(text: string): string {
  const isLong = text.length > 8 * longestMember;
  return isLong || !/"\s*:\s|"\s+:/.test(text) ? text : compactJson(text, readJsonNode(text));
}
