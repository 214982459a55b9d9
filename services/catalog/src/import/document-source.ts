import { readFile, stat } from 'node:fs/promises';

import type { Attempt, Egress } from '@action-mesh/egress';
import { errorMessage, parseUrl } from '@action-mesh/kernel';
import { LARGEST_DOCUMENT } from '@action-mesh/openapi';

/** A document as text, and where a URL led. */
export interface FoundDocument {
  readonly text: string;
  /** Absent for a file. */
  readonly url?: string;
}

type Fetch = Egress['request'];

const DEADLINE_MS = 60_000;
const MOST_REDIRECTS = 5;
const ACCEPT = 'application/json, application/yaml;q=0.9, */*;q=0.5';
const MEGABYTE = 1024 * 1024;

/** Whether the source is an address and no file. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

/** Throws an `Error` that says what is wrong with the file. */
export async function readDocumentFile(path: string): Promise<FoundDocument> {
  const { size } = await readable(path, stat(path));
  if (size > LARGEST_DOCUMENT) throw tooLarge(`${path} has ${Math.ceil(size / MEGABYTE)} MB`);
  return { text: decode(await readable(path, readFile(path))) };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read by this user',
};

async function readable<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? errorMessage(error);
    throw new Error(`${path} cannot be read: ${reason}`, { cause: error });
  }
}

/**
 * Fetches a document under the guard of the mesh's egress, through redirects, each of which the guard judges anew. Throws an
 * `Error` that says how the last request ended.
 */
export async function fetchDocument(address: string, fetch: Fetch): Promise<FoundDocument> {
  const deadline = performance.now() + DEADLINE_MS;
  let url = new URL(address).href;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const attempt = await fetch({
      method: 'GET',
      url,
      headers: { accept: ACCEPT },
      deadlineMs: Math.max(1, deadline - performance.now()),
      maxResponseBytes: LARGEST_DOCUMENT,
    });
    const next = redirectOf(attempt, url);
    if (next === undefined) return { text: decode(bodyOf(attempt, url)), url };
    url = next;
  }
  throw new Error(`${address} leads through more than ${MOST_REDIRECTS} redirects`);
}

function redirectOf(attempt: Attempt, from: string): string | undefined {
  if (attempt.kind !== 'response' || ![301, 302, 303, 307, 308].includes(attempt.status)) return undefined;
  const { location } = attempt.headers;
  const next = typeof location === 'string' ? parseUrl(location, from) : undefined;
  if (next === undefined) throw new Error(`${from} answers with a redirect to nowhere`);
  return next.href;
}

function bodyOf(attempt: Attempt, url: string): Buffer {
  if (attempt.kind === 'not_sent' && attempt.reason === 'denied') {
    throw new Error(
      `${url} is not fetched: ${attempt.message} (${attempt.detail}). Download the document and name the file`,
    );
  }
  if (attempt.kind !== 'response')
    throw new Error(`${url} cannot be fetched: ${attempt.message} (${attempt.detail})`);
  if (attempt.status !== 200) throw new Error(`${url} answers with status ${attempt.status}`);
  if (attempt.truncated) throw tooLarge(`${url} is larger`);
  if (!attempt.bodyComplete) throw new Error(`${url} broke off before its end`);
  return attempt.body;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('the document is not UTF-8');
  }
}

function tooLarge(what: string): Error {
  return new Error(`${what}, and ${LARGEST_DOCUMENT / MEGABYTE} MB is the most`);
}
