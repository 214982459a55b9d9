import { IJsonError, jsonAt } from '@action-mesh/kernel';
import type { FileContent, FileReference } from '@action-mesh/tools';

import type { Failure } from './attempt-evidence.js';

type ResultReference = Extract<FileReference, { kind: 'result' }>;

/**
 * The part of an outcome's result that a file argument points to, as a file. A string is its text, or its bytes when
 * the reference says base64. A binary result (`{ content_type, bytes, base64 }`) is those bytes. Any other JSON is its
 * exact text.
 */
export function fileOfResult(
  outcome: string,
  { pointer, encoding }: ResultReference,
): FileContent | { readonly failure: Failure } {
  let text: string | undefined;
  try {
    text = jsonAt(outcome, `/result${pointer}`);
  } catch (error) {
    if (!(error instanceof IJsonError)) throw error;
  }
  if (text === undefined) return unusable('has nothing there');
  const value: unknown = text.startsWith('"') || text.startsWith('{') ? JSON.parse(text) : undefined;
  const binary = typeof value === 'string' ? undefined : binaryOf(value);
  if (binary !== undefined) return binary;
  if (typeof value !== 'string')
    return encoding === 'base64' ? unusable('has no string there') : { bytes: Buffer.from(text) };
  if (encoding === 'text') {
    return /\p{Surrogate}/u.test(value)
      ? unusable('has a text there that UTF-8 cannot hold')
      : { bytes: Buffer.from(value) };
  }
  const bytes = decoded(value);
  return bytes === undefined ? unusable('has no base64 there') : { bytes };
}

/** The bytes of a binary answer in the form of outcomes. */
function binaryOf(value: unknown): FileContent | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { base64, bytes: length, content_type: contentType } = value as Readonly<Record<string, unknown>>;
  if (typeof base64 !== 'string' || typeof length !== 'number') return undefined;
  const bytes = decoded(base64);
  if (bytes?.length !== length) return undefined;
  return { bytes, ...(typeof contentType === 'string' ? { contentType } : {}) };
}

/** Decodes both alphabets of base64, with or without padding and line ends, because providers write all of them. */
function decoded(text: string): Buffer | undefined {
  const plain = text
    .replace(/[\r\n]/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  const bare = plain.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(bare) || bare.length % 4 === 1) return undefined;
  return Buffer.from(bare, 'base64');
}

function unusable(problem: string): { readonly failure: Failure } {
  return {
    failure: {
      code: 'file_not_in_result',
      category: 'request',
      message: `the result of the referenced call ${problem}`,
      fix: 'Read the result at GET /v1/calls/{id}, and correct "pointer" or "encoding".',
    },
  };
}
