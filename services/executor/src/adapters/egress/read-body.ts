import { MIMEType, TextDecoder } from 'node:util';

import type { Responded } from '@action-mesh/egress';
import { defined, nestsDeeper } from '@action-mesh/kernel';

import type { AnswerBody } from '../../domain/answer-body.js';

/** Deeper JSON answers are kept as text. */
const maxNesting = 64;

/** The most characters of a charset, coding or content type in a message. */
const longestLabel = 200;

type Charset = { readonly label: string } | { readonly undecodable: string };

/**
 * Reads a body after egress has removed its content codings. The bytes decide whether it is JSON. The content type
 * gives only the charset, and a byte order mark overrules it. Nothing is guessed: bytes that do not decode stay bytes.
 */
export function readBody(response: Responded, limitBytes: number): AnswerBody {
  const { body: bytes, bodyComplete, truncated, undecoded, headers } = response;
  if (truncated) return { kind: 'cut', limitBytes };
  if (!bodyComplete) return { kind: 'broken' };
  if (bytes.length === 0) return { kind: 'empty' };
  const header = headers['content-type'];
  const contentType = (typeof header === 'string' ? header : header?.[0])?.slice(0, longestLabel);
  const binary = { kind: 'binary', bytes, ...defined({ contentType }) } as const;
  if (undecoded !== undefined) {
    const contentEncoding = undecoded.slice(0, longestLabel);
    return {
      ...binary,
      contentEncoding,
      undecodable: `its content coding is not known here: ${contentEncoding}`,
    };
  }
  const type = mediaType(contentType);
  if (type !== undefined && isNeverText(type)) return binary;
  const charset = charsetOf(bytes, type);
  if ('undecodable' in charset) return { ...binary, undecodable: charset.undecodable };
  const decoder = decoderOf(charset.label);
  if (decoder === undefined)
    return { ...binary, undecodable: `its charset is not known here: ${charset.label}` };
  const text = decode(bytes, decoder);
  if (text === undefined) {
    // A body that claims to be text and does not fit its charset is damaged. A body without that claim is binary.
    const isText =
      type?.type === 'text' || type?.params.has('charset') === true || /\bjson$/.test(type?.subtype ?? '');
    return isText ? { ...binary, undecodable: `it is not in ${charset.label}` } : binary;
  }
  if (text === '') return { kind: 'empty' };
  const utf8 = (): Buffer => (decoder.encoding === 'utf-8' ? bytes : Buffer.from(text));
  if (isJson(text, utf8)) return { kind: 'json', text };
  return hasControls(text) ? binary : { kind: 'text', text };
}

function mediaType(header: string | undefined): MIMEType | undefined {
  if (header === undefined) return undefined;
  try {
    return new MIMEType(header);
  } catch {
    return undefined;
  }
}

function isNeverText({ type, subtype }: MIMEType): boolean {
  return ['audio', 'font', 'image', 'video'].includes(type) && !subtype.endsWith('+xml');
}

function charsetOf(bytes: Buffer, type: MIMEType | undefined): Charset {
  const marked = byteOrderMark(bytes);
  if (marked !== undefined) return marked;
  const label = type?.params
    .get('charset')
    ?.replace(/^'(.*)'$/, '$1')
    .slice(0, longestLabel);
  return label === undefined || label === '' ? { label: 'utf-8' } : { label };
}

function byteOrderMark([first, second, third, fourth]: Buffer): Charset | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return { label: 'utf-8' };
  if (first === 0xfe && second === 0xff) return { label: 'utf-16be' };
  if (first !== 0xff || second !== 0xfe) return undefined;
  return third === 0 && fourth === 0
    ? { undecodable: 'its charset is not known here: utf-32' }
    : { label: 'utf-16le' };
}

function decoderOf(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    return undefined;
  }
}

/** The text without its byte order mark. Undefined when the bytes do not fit the charset. */
function decode(bytes: Buffer, decoder: TextDecoder): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether a text has control characters other than tabs, line ends, form feeds, backspaces and escapes. */
function hasControls(text: string): boolean {
  return /[\u0000-\u0007\u000b\u000e-\u001a\u001c-\u001f]/.test(text);
}

/** Whether a text is JSON. Recursive readers would overflow the stack on a text deeper than `maxNesting`. */
function isJson(text: string, utf8: () => Buffer): boolean {
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  return !nestsDeeper(utf8(), maxNesting);
}
