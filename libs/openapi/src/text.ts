import { visibleText } from '@action-mesh/tools/compile';

import { htmlText } from './html-text.js';

/** Control characters except tab and line feed. They have no place in prose. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Prose of a document for a tool: plain text without invisible characters. Prose of more than `most` characters is
 * cut at a sentence or a word.
 */
export function prose(text: string, most: number): string {
  // An entity may stand for an invisible character.
  const clean = visibleText(htmlText(visibleText(text.slice(0, most * 4))))
    .replace(/\r\n?/g, '\n')
    .replace(controls, '')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return clean.length <= most ? clean : cut(clean, most);
}

/** Whether `prose` removes characters that were hidden from a reader. */
export function hidesText(text: string): boolean {
  return visibleText(text).length !== text.length;
}

function cut(text: string, most: number): string {
  const start = text.slice(0, most - 1);
  const sentence = Math.max(start.lastIndexOf('. '), start.lastIndexOf('.\n'), start.lastIndexOf('\n\n'));
  if (sentence > most / 2) return start.slice(0, sentence + 1).trimEnd();
  const word = Math.max(start.lastIndexOf(' '), start.lastIndexOf('\n'));
  // A cut through a surrogate pair would leave half a character.
  return `${start
    .slice(0, word > most / 2 ? word : start.length)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()}…`;
}

/** Whether a text begins with the words of another. Case and punctuation make no difference. */
export function beginsWith(text: string, start: string): boolean {
  return words(text).startsWith(words(start));
}

/** Whether two texts have the same words. */
export function saysTheSame(left: string, right: string): boolean {
  return words(left) === words(right);
}

function words(text: string): string {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join(' ');
}
