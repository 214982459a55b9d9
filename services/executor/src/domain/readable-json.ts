import type { AnswerBody } from './answer-body.js';

/**
 * The value of a body with its exact text, because a number of the value may be rounded. Or the reason why the body
 * proves nothing.
 */
export type ReadJson = { readonly value: unknown; readonly text: string } | { readonly unreadable: string };

/**
 * Reads a body as evidence: a whole, decoded JSON text without duplicate members in any object. Every reader gets the
 * same value from such a text. The content type does not matter.
 */
export function readAnswerJson(body: AnswerBody | undefined): ReadJson {
  switch (body?.kind) {
    case 'json':
      return hasMemberTwice(body.text)
        ? { unreadable: 'it has a member twice' }
        : { value: JSON.parse(body.text) as unknown, text: body.text };
    case 'text':
      return {
        unreadable: isMarkup(body.text) ? 'it is a page of markup, not JSON' : 'it is text, not JSON',
      };
    case 'binary':
      return { unreadable: body.undecodable ?? 'it is binary, not JSON' };
    case 'cut':
      return { unreadable: `it is longer than ${body.limitBytes} bytes` };
    case 'broken':
      return { unreadable: 'it broke off or is damaged' };
    case 'empty':
    case undefined:
      return { unreadable: 'it is empty' };
  }
}

function isMarkup(text: string): boolean {
  return text.trimStart().startsWith('<');
}

/** Whether any object of a valid JSON text has two members of one name. Takes one pass. */
function hasMemberTwice(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '{':
        open.push(new Set());
        break;
      case '[':
        open.push(undefined);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = endOfString(text, at);
        const names = open.at(-1);
        if (names !== undefined && isFollowedByColon(text, end)) {
          const raw = text.slice(at, end);
          const name = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
          if (names.has(name)) return true;
          names.add(name);
        }
        at = end - 1;
      }
    }
  }
  return false;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}
