import { readFile, stat } from 'node:fs/promises';

import { entryAgainst, type Attempt, type Egress } from '@action-mesh/egress';
import { errorMessage, parseUrl } from '@action-mesh/kernel';
import { LARGEST_DOCUMENT } from '@action-mesh/openapi';

import { UnreachableDocumentError, UnreadableDocumentError } from './import.errors.js';
import { withoutCredentials } from './shown-text.js';

/** A document as text, and the address at which a URL ended. */
export interface FoundDocument {
  readonly text: string;
  /** Absent for a file. */
  readonly url?: string;
}

type Fetch = Egress['request'];

const deadlineMs = 60_000;
const mostRedirects = 5;
const accept = 'application/json, application/yaml;q=0.9, */*;q=0.5';
const megabyte = 1024 * 1024;

/** Throws `UnreadableDocumentError`. */
export async function readDocumentFile(path: string): Promise<FoundDocument> {
  const shown = withoutCredentials(path);
  const { size } = await readable(shown, stat(path));
  if (size > LARGEST_DOCUMENT) throw tooLarge(`${shown} has ${Math.ceil(size / megabyte)} MB`);
  return { text: decode(await readable(shown, readFile(path)), shown) };
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read by this user',
};

async function readable<T>(shown: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // The system's message repeats the path, which may hold a secret. The code does not.
    const reason = reasons[code] ?? (code === '' ? errorMessage(error) : code);
    throw new UnreadableDocumentError(`${shown} cannot be read: ${reason}`, { cause: error });
  }
}

/**
 * Fetches a document. The egress guard of the mesh checks the address and every redirect. Throws
 * `UnreadableDocumentError` or `UnreachableDocumentError`.
 */
export async function fetchDocument(address: string, fetch: Fetch): Promise<FoundDocument> {
  const deadline = performance.now() + deadlineMs;
  let url = new URL(address).href;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const attempt = await fetch({
      method: 'GET',
      url,
      headers: { accept: accept },
      deadlineMs: Math.max(1, deadline - performance.now()),
      maxResponseBytes: LARGEST_DOCUMENT,
    });
    const shown = withoutCredentials(url);
    const next = redirectOf(attempt, url, shown);
    if (next === undefined) return { text: decode(bodyOf(attempt, shown, url), shown), url };
    url = next;
  }
  throw new UnreadableDocumentError(
    `${withoutCredentials(address)} leads through more than ${mostRedirects} redirects`,
  );
}

function redirectOf(attempt: Attempt, from: string, shown: string): string | undefined {
  if (attempt.kind !== 'response' || ![301, 302, 303, 307, 308].includes(attempt.status)) return undefined;
  const { location } = attempt.headers;
  const next = typeof location === 'string' ? parseUrl(location, from) : undefined;
  if (next === undefined) throw new UnreadableDocumentError(`${shown} answers with a redirect to nowhere`);
  return next.href;
}

function bodyOf(attempt: Attempt, shown: string, url: string): Buffer {
  if (attempt.kind === 'not_sent' && attempt.reason === 'denied') {
    const entry = entryAgainst(attempt.code, url);
    const next = entry === undefined ? '' : `Add ${entry} to EGRESS_ALLOW, or download `;
    throw new UnreadableDocumentError(
      `${shown} is not fetched: ${attempt.message} (${attempt.detail}). ${next === '' ? 'Download ' : next}the document and name the file`,
    );
  }
  if (attempt.kind !== 'response') {
    throw new UnreachableDocumentError(`${shown} cannot be fetched: ${attempt.message} (${attempt.detail})`);
  }
  if (attempt.status !== 200)
    throw new UnreachableDocumentError(`${shown} answers with status ${attempt.status}`);
  if (attempt.truncated) throw tooLarge(`${shown} is larger`);
  if (!attempt.bodyComplete) throw new UnreachableDocumentError(`${shown} broke off before its end`);
  return attempt.body;
}

function decode(bytes: Buffer, shown: string): string {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableDocumentError(`${shown} is not UTF-8`);
  }
  if (text.trim() === '') throw new UnreadableDocumentError(`${shown} is empty`);
  return text;
}

function tooLarge(what: string): UnreadableDocumentError {
  return new UnreadableDocumentError(`${what}, and ${LARGEST_DOCUMENT / megabyte} MB is the most`);
}
