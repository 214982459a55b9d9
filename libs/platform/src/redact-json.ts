import { IJsonError, memberName, readJsonNode, type JsonNode } from '@action-mesh/kernel';

import { isSecretMemberName, isSecretNumberName, redacted, redactText } from './redact.js';

/** JSON texts within strings within JSON texts. Deeper ones are replaced as a whole. */
const deepestText = 8;

/** A JSON text without these characters holds no secret member: an escape could hide a letter of a name. */
const mayHideNames = /\\u/i;

/**
 * Removes secrets from a JSON text: members by name, and texts by form. Values of every kind, escaped names and JSON texts
 * within strings are covered. All other digits stay as they are. Undefined: the text cannot be read, so it may hold any
 * secret; it is no JSON, or it nests deeper than 512.
 */
export function redactJson(text: string): string | undefined {
  return redactWithin(text, 0);
}

function redactWithin(text: string, depth: number): string | undefined {
  if (!mayHideNames.test(text) && !isSecretMemberName(text)) return redactText(text);
  try {
    return redactText(written(text, readJsonNode(text), depth));
  } catch (error) {
    if (error instanceof IJsonError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function written(text: string, node: JsonNode, depth: number): string {
  switch (node.kind) {
    case 'object':
      return `{${node.children.map((child) => `${child.name}:${member(text, child, depth)}`).join(',')}}`;
    case 'array':
      return `[${node.children.map((child) => written(text, child, depth)).join(',')}]`;
    case 'string':
      return writtenString(text.slice(node.start, node.end), depth);
    default:
      return text.slice(node.start, node.end);
  }
}

function member(text: string, node: JsonNode, depth: number): string {
  const name = memberName(node);
  const isSecret =
    node.kind === 'other'
      ? isSecretNumberName(name) && /^[-\d]/.test(text.slice(node.start, node.end))
      : isSecretMemberName(name);
  return isSecret ? `"${redacted}"` : written(text, node, depth);
}

/** A string without a backslash holds no escape and no JSON text with a member. */
function writtenString(quoted: string, depth: number): string {
  if (!quoted.includes('\\')) return quoted;
  const value = JSON.parse(quoted) as string;
  const kept = /^\s*[[{]/.test(value) ? redactNested(value, depth + 1) : redactText(value);
  return kept === value ? quoted : JSON.stringify(kept);
}

function redactNested(value: string, depth: number): string {
  if (depth > deepestText) return redacted;
  try {
    JSON.parse(value);
  } catch {
    return redactText(value);
  }
  return redactWithin(value, depth) ?? redacted;
}
